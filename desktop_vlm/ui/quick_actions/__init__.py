"""Editing the quick actions: `editor.QuickActionEditor`."""
