"""Dialogs of controls: properties with pages, wizards, two lists, file choosers."""
