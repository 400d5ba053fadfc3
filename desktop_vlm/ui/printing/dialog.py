"""Asks which printer, and on which paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from desktop_vlm.ui.printing.paper import usual_layout
from desktop_vlm.ui.widgets.on_screen import keep_on_screen


def ask_printer(parent: QWidget, chosen: Callable[[QPrinter], None]) -> QPrintDialog:
    """Open the desktop's own dialog; `chosen` gets the printer unless the person changes their mind."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageLayout(usual_layout())
    dialog = QPrintDialog(printer, parent)
    keep_on_screen(dialog)
    dialog.accepted.connect(lambda: chosen(printer))
    dialog.finished.connect(dialog.deleteLater)
    super(QPrintDialog, dialog).open()  # its own `open` has another meaning
    return dialog
