"""Windows drawn by Qt, as training images: `python -m training.toolkit_pack OUT.zip --count 3000`.

Needs PySide6 and the fonts of `training.fonts`, whose training families are used as the system has them, kerning
and all. The texts are those of training images. Qt runs without a screen.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from training.screens.dialogs import NOUNS, Mood, ask_dialog
from training.screens.finishing import MAX_HEIGHT, MAX_WIDTH
from training.screens.forms import ask_form, form_options, form_rows
from training.screens.phrases import Writer
from training.screens.tables import ask_table, table_content
from training.screens.themes import THEMES, Theme, luminance
from training.screens.toolkits import INDEX, Recorder
from training.screens.typefaces import load_families
from training.screens.windows import ask_lines
from training.toolkit_parts import Window, button_row, plain, short_lines, stacked, wrapping
from training.toolkit_windows import MORE_LAYOUTS

_ICONS: dict[Mood, QStyle.StandardPixmap] = {
    "error": QStyle.StandardPixmap.SP_MessageBoxCritical,
    "warning": QStyle.StandardPixmap.SP_MessageBoxWarning,
    "question": QStyle.StandardPixmap.SP_MessageBoxQuestion,
    "info": QStyle.StandardPixmap.SP_MessageBoxInformation,
}
_HINTING = (
    QFont.HintingPreference.PreferNoHinting,
    QFont.HintingPreference.PreferVerticalHinting,
    QFont.HintingPreference.PreferFullHinting,
)


Layout = Callable[[random.Random, Writer], Window]


def dialog(rng: random.Random, writer: Writer) -> Window:
    """A message with an icon or none, and buttons."""
    mood: Mood = rng.choice(("error", "warning", "question", "info", "plain"))
    message = " ".join(writer.message(error=mood == "error").split())
    buttons = writer.buttons()
    widget = QWidget()
    column = stacked(rng, widget)
    row = QHBoxLayout()
    if mood != "plain":
        icon = QLabel()
        icon.setPixmap(widget.style().standardIcon(_ICONS[mood]).pixmap(QSize(32, 32)))
        row.addWidget(icon)
    row.addWidget(wrapping(rng, message), 1)
    column.addLayout(row)
    column.addLayout(button_row(rng, buttons))
    asker = Recorder(rng)
    noun = NOUNS[mood]
    ask_dialog(asker, noun, "", [message], buttons, error=mood == "error")
    return Window(widget, asker, "dialog", noun)


def form(rng: random.Random, writer: Writer) -> Window:
    """Labelled fields, perhaps check boxes and buttons."""
    rows, options = form_rows(rng, writer), form_options(rng, writer) if rng.random() < 0.4 else []
    checked = {label: rng.random() < 0.5 for label in options}
    buttons = writer.buttons(3) if rng.random() < 0.5 else []
    widget = QWidget()
    column, fields = stacked(rng, widget), QFormLayout()
    fields.setLabelAlignment(rng.choice((Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)))
    mark = rng.choice((":", ":", ""))
    for label, value in rows:
        field: QWidget
        if rng.random() < 0.7:
            field = QLineEdit(value)
            field.setCursorPosition(0)
            field.setMinimumWidth(field.fontMetrics().horizontalAdvance(value) + 24)
        elif rng.random() < 0.5:
            field = QComboBox()
            field.addItem(value)
        else:
            field = QLabel(value)
        fields.addRow(plain(label + mark), field)
    column.addLayout(fields)
    for label, on in checked.items():
        box = QCheckBox(plain(label))
        box.setChecked(on)
        column.addWidget(box)
    if buttons:
        column.addLayout(button_row(rng, buttons))
    asker = Recorder(rng)
    ask_form(asker, "", rows, checked, buttons)
    return Window(widget, asker, "form", "form")


def table(rng: random.Random, writer: Writer) -> Window:
    """A header and some rows."""
    header, rows = table_content(rng, writer)
    widget = QTableWidget(len(rows), len(header))
    widget.setHorizontalHeaderLabels(header)
    widget.verticalHeader().setVisible(False)
    widget.setShowGrid(rng.random() < 0.6)
    widget.setAlternatingRowColors(rng.random() < 0.4)
    widget.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    for y, cells in enumerate(rows):
        for x, cell in enumerate(cells):
            widget.setItem(y, x, QTableWidgetItem(cell))
    widget.resizeColumnsToContents()
    widget.resizeRowsToContents()
    across = sum(widget.columnWidth(x) for x in range(len(header)))
    down = sum(widget.rowHeight(y) for y in range(len(rows)))
    widget.setFixedSize(across + 4, down + widget.horizontalHeader().sizeHint().height() + 4)
    asker = Recorder(rng)
    ask_table(asker, header, rows)
    return Window(widget, asker, "table", "table")


def items(rng: random.Random, writer: Writer) -> Window:
    """A list with perhaps one row selected."""
    lines = short_lines(rng, writer, 2, 7)
    widget = QListWidget()
    widget.addItems(lines)
    if rng.random() < 0.5:
        widget.setCurrentRow(rng.randrange(len(lines)))
    height = sum(widget.sizeHintForRow(row) for row in range(len(lines)))
    widget.setFixedSize(widget.sizeHintForColumn(0) + rng.randint(12, 80), height + rng.randint(8, 30))
    asker = Recorder(rng)
    ask_lines(asker, lines)
    return Window(widget, asker, "list", "list", lines)


def editor(rng: random.Random, writer: Writer) -> Window:
    """A window with a menu bar, lines of text and a status bar."""
    lines = short_lines(rng, writer, 1, 7)
    menus = list(dict.fromkeys(rng.choice(("File", "Edit", "View", "Tools", "Help", writer.label().replace(",", ".")))
                               for _ in range(rng.randint(2, 5))))  # fmt: skip
    status = rng.choice((writer.words(1, 3).capitalize(), f"Line {writer.number()}", writer.jumble(1, 2), "Ready"))
    window = QMainWindow()
    for name in menus:
        window.menuBar().addMenu(QMenu(plain(name), window.menuBar()))
    text = QPlainTextEdit("\n".join(lines))
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if rng.random() < 0.6:
        font = QFont(rng.choice([family.name for family in load_families("train") if family.mono]))
        font.setPixelSize(rng.choice((11, 12, 13, 14, 15)))
        text.setFont(font)
    metrics = text.fontMetrics()
    text.setMinimumSize(max(map(metrics.horizontalAdvance, lines)) + 24, metrics.lineSpacing() * len(lines) + 20)
    window.setCentralWidget(text)
    window.statusBar().showMessage(status)
    window.setMinimumWidth(window.menuBar().sizeHint().width() + metrics.horizontalAdvance(status) // 2 + 40)
    asker = Recorder(rng)
    ask_lines(asker, lines)
    asker.ask("menu", ", ".join(menus))
    asker.ask("status", status)
    return Window(window, asker, "window", "window", lines)


LAYOUTS: tuple[tuple[float, Layout], ...] = (
    (5, dialog),
    (2, form),
    (1, table),
    (1.5, items),
    (2, editor),
    *MORE_LAYOUTS,
)


_LEAST_APART = 25
"""Of 255: how much lighter or darker than the list a selected row is at least."""


def _palette(rng: random.Random, theme: Theme) -> QPalette:
    palette = QPalette()
    seen = abs(luminance(theme.accent) - luminance(theme.field)) > _LEAST_APART  # or nobody sees what is selected
    selected = (theme.accent, theme.accent_ink) if seen else (theme.field_ink, theme.field)
    roles = {
        QPalette.ColorRole.Window: theme.window, QPalette.ColorRole.WindowText: theme.ink,
        QPalette.ColorRole.Base: theme.field, QPalette.ColorRole.Text: theme.field_ink,
        QPalette.ColorRole.Button: theme.button, QPalette.ColorRole.ButtonText: theme.button_ink,
        QPalette.ColorRole.Highlight: selected[0], QPalette.ColorRole.HighlightedText: selected[1],
    }  # fmt: skip
    for role, (red, green, blue) in roles.items():
        palette.setColor(role, QColor(red, green, blue))
    shade = QColor(*theme.field).darker(rng.randint(103, 110))
    palette.setColor(QPalette.ColorRole.AlternateBase, shade)
    return palette


def dress(rng: random.Random, app: QApplication) -> None:
    """A style, colours and a font for the next window."""
    app.setStyle(rng.choice(("Fusion", "Fusion", "Windows")))
    app.setPalette(app.style().standardPalette() if rng.random() < 0.3 else _palette(rng, rng.choice(THEMES)))
    families = [family.name for family in load_families("train") if QFontDatabase.hasFamily(family.name)]
    common = [name for name in ("DejaVu Sans", "Noto Sans", "Cantarell", "Liberation Sans", "Open Sans", "Roboto",
                                "Inter") if name in families]  # fmt: skip
    font = QFont(rng.choice(common if rng.random() < 0.35 else families))
    font.setPixelSize(rng.choice((11, 12, 12, 13, 13, 14, 15, 16, 18, 20)))
    font.setHintingPreference(rng.choice(_HINTING))
    font.setKerning(rng.random() < 0.9)
    font.setStyleStrategy(rng.choice((QFont.StyleStrategy.PreferDefault,) * 6 + (QFont.StyleStrategy.NoAntialias,)))
    app.setFont(font)


def photograph(widget: QWidget) -> Image.Image:
    """What the window would show."""
    widget.adjustSize()
    widget.ensurePolished()
    shot = widget.grab().toImage()
    shot = shot.convertToFormat(shot.Format.Format_RGB888)
    raw = bytes(shot.constBits())
    return Image.frombytes("RGB", (shot.width(), shot.height()), raw, "raw", "RGB", shot.bytesPerLine())


def draw_one(rng: random.Random, app: QApplication) -> tuple[Image.Image, dict[str, Any]] | None:
    """An image and its entry, or None where it came out too large."""
    dress(rng, app)
    layout = rng.choices([layout for _, layout in LAYOUTS], [weight for weight, _ in LAYOUTS])[0]
    window = layout(rng, Writer(rng, "train"))
    image = photograph(window.widget)
    window.widget.deleteLater()
    stretched = window.kind == "dialog" and image.height > 1.3 * image.width  # the toolkit miscounted lines
    if image.width > MAX_WIDTH or image.height > MAX_HEIGHT or stretched:
        return None
    return image, {"kind": window.kind, "noun": window.noun, "asked": window.asker.asked, "lines": window.lines,
                   "first": window.first}  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="the pack ends with what there is then")
    options = parser.parse_args()
    app = QApplication([])
    rng = random.Random(options.seed)
    entries: list[dict[str, Any]] = []
    end = time.monotonic() + 60 * options.minutes
    with zipfile.ZipFile(options.out, "w") as archive:
        while len(entries) < options.count and time.monotonic() < end:
            drawn = draw_one(rng, app)
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            if drawn is None:
                continue
            image, entry = drawn
            data = io.BytesIO()
            colours = image.getcolors(256)
            small = image.quantize(len(colours), dither=Image.Dither.NONE) if colours else image
            kept = small if colours and small.convert("RGB").tobytes() == image.tobytes() else image
            kept.save(data, "PNG", optimize=True)
            name = f"{len(entries):05}.png"
            archive.writestr(name, data.getvalue())
            entries.append({"file": name, **entry})
        archive.writestr(INDEX, json.dumps(entries), zipfile.ZIP_DEFLATED)
    print(f"{len(entries):,} images, {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
