"""More windows for the pack: message boxes, wizards, settings with tabs, file managers, editors with line numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QProgressDialog,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from training.screens.dialogs import NOUNS, Mood, ask_dialog
from training.screens.panes.options import COMBOS, PAGES
from training.screens.phrases import Writer
from training.screens.toolkits import Recorder, ask_names
from training.screens.typefaces import load_families
from training.toolkit_parts import Window, broken, button_row, plain, short_lines, stacked, wrapping
from training.widgets.layouts import FEET

_ICONS: dict[Mood, QMessageBox.Icon] = {
    "error": QMessageBox.Icon.Critical, "warning": QMessageBox.Icon.Warning, "question": QMessageBox.Icon.Question,
    "info": QMessageBox.Icon.Information, "plain": QMessageBox.Icon.NoIcon,
}  # fmt: skip
_MOODS: tuple[Mood, ...] = ("error", "warning", "question", "info", "plain")
_ROLES = (QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.RejectRole, QMessageBox.ButtonRole.ActionRole,
          QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.HelpRole)  # fmt: skip


def _flat(text: str) -> str:
    return " ".join(text.split())


def _buttons_of(widget: QWidget) -> list[str]:
    """What the buttons that are seen say, from left to right, as the toolkit has ordered them."""
    widget.adjustSize()
    widget.ensurePolished()
    layout = widget.layout()
    if layout:
        layout.activate()
    seen = [button for button in widget.findChildren(QPushButton) if button.isVisibleTo(widget) and button.text()]
    seen.sort(key=lambda button: button.mapTo(widget, button.rect().topLeft()).x())
    return [button.text().replace("&&", "\0").replace("&", "").replace("\0", "&") for button in seen]


def message_box(rng: random.Random, writer: Writer) -> Window:
    """The toolkit's own: icon, text, perhaps more text below, buttons where it puts them."""
    mood = rng.choice(_MOODS)
    message, more = _flat(writer.message(error=mood == "error")), ""
    box = QMessageBox()
    box.setOption(QMessageBox.Option.DontUseNativeDialog)
    box.setIcon(_ICONS[mood])
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(broken(rng, message, box))
    if rng.random() < 0.4:
        more = _flat(writer.message(error=False))
        box.setInformativeText(broken(rng, more, box))
        below = box.findChild(QLabel, "qt_msgbox_informativelabel")
        assert isinstance(below, QLabel)
        below.setTextFormat(Qt.TextFormat.PlainText)  # the box alone does not pass it on in every Qt
    for label in writer.buttons():
        box.addButton(plain(label), rng.choice(_ROLES))
    if rng.random() < 0.25:
        box.setCheckBox(QCheckBox(plain(writer.words(2, 4).capitalize())))
    asker = Recorder(rng)
    lines = [message, more] if more else [message]
    ask_dialog(asker, NOUNS[mood], "", lines, _buttons_of(box), error=mood == "error")
    asker.asked = [one for one in asker.asked if one[0] not in {"line", "all"}]
    return Window(box, asker, "dialog", NOUNS[mood])


def details(rng: random.Random, writer: Writer) -> Window:
    """A message over a box with some lines, and buttons."""
    message = _flat(writer.message(error=True))
    lines, buttons = short_lines(rng, writer, 2, 7), writer.buttons(3)
    dialog = QDialog()
    down = stacked(rng, dialog)
    down.addWidget(wrapping(rng, message))
    down.addWidget(_text(rng, lines, mono=rng.random() < 0.7))
    down.addLayout(button_row(rng, buttons))
    asker = Recorder(rng)
    ask_dialog(asker, "error dialog", "", [message], buttons, error=True)
    asker.asked = [one for one in asker.asked if one[0] not in {"line", "all", "describe"}]
    asker.ask("tool_details", "\n".join(lines), as_kind="lines")
    return Window(dialog, asker, "dialog", "error dialog")


def _text(rng: random.Random, lines: list[str], *, mono: bool) -> QPlainTextEdit:
    """Lines as a text field that is as large as they are."""
    text = QPlainTextEdit("\n".join(lines))
    text.setReadOnly(True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    for bar in (text.setVerticalScrollBarPolicy, text.setHorizontalScrollBarPolicy):
        bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if mono:
        font = QFont(rng.choice([family.name for family in load_families("train") if family.mono]))
        font.setPixelSize(rng.choice((11, 12, 13, 14, 15)))
        text.setFont(font)
    metrics = text.fontMetrics()
    wide = max(map(metrics.horizontalAdvance, lines))
    layout, block, high = text.document().documentLayout(), text.document().begin(), 0.0
    while block.isValid():  # some faces' lines are higher than they say
        high += layout.blockBoundingRect(block).height()
        block = block.next()
    text.setFixedSize(wide + rng.randint(24, 60), math.ceil(high) + rng.randint(14, 30))
    return text


def code(rng: random.Random, writer: Writer) -> Window:
    """An editor: a tab with the file's name, line numbers, a status bar."""
    lines, first = short_lines(rng, writer, 4, 15), rng.choice((1, 1, 1, rng.randint(2, 400)))
    file, status = writer.file(), f"Ln {rng.randint(first, first + 14)}, Col {rng.randint(1, 60)}"
    widget = QWidget()
    down = QVBoxLayout(widget)
    down.setContentsMargins(0, 0, 0, 0)
    down.setSpacing(0)
    tabs, others = QTabBar(), [writer.file() for _ in range(rng.randint(0, 2))]
    for name in (file, *others):
        tabs.addTab(plain(name))
    tabs.setExpanding(False)
    down.addWidget(tabs)
    across = QHBoxLayout()
    across.setSpacing(0)
    text = _text(rng, lines, mono=True)
    numbers = _text(rng, [str(first + place) for place in range(len(lines))], mono=False)
    numbers.setFont(text.font())
    numbers.setFixedSize(text.fontMetrics().horizontalAdvance(str(first + len(lines))) + 16, text.height())
    for field in (text, numbers):
        field.setFrameShape(QPlainTextEdit.Shape.NoFrame)
    numbers.setEnabled(False)
    across.addWidget(numbers)
    across.addWidget(text)
    across.addStretch()
    down.addLayout(across)
    down.addWidget(QLabel(" " + status))
    asker = Recorder(rng)
    asker.ask("file", file)
    asker.ask("status", status)
    if others:
        asker.ask("tool_tabs", ", ".join((file, *others)), as_kind="menu")
    asker.ask("describe", f"An editor with the file {file} open.")
    return Window(widget, asker, "editor", "editor", lines, first)


def terminal(rng: random.Random, writer: Writer) -> Window:
    """Lines in fixed-width type on a dark or a light ground."""
    lines = short_lines(rng, writer, 5, 20)
    text = _text(rng, lines, mono=True)
    text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
    ground, ink = rng.choice((((0, 0, 0), (230, 230, 230)), ((30, 30, 40), (200, 220, 200)), ((48, 10, 36), (240,) * 3),
                              ((255, 255, 255), (0, 0, 0))))  # fmt: skip
    palette = text.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(*ground))
    palette.setColor(QPalette.ColorRole.Text, QColor(*ink))
    text.setPalette(palette)
    asker = Recorder(rng)
    asker.ask("describe", f"A terminal with {len(lines)} lines.")
    asker.ask("line_count", str(len(lines)), as_kind="count")
    return Window(text, asker, "terminal", "terminal", lines)


def settings(rng: random.Random, writer: Writer) -> Window:
    """Tabs, of which one is open with fields and check boxes, and buttons below."""
    names = list(dict.fromkeys(writer.label().replace(",", ".") for _ in range(rng.randint(2, 4))))
    open_ = rng.randrange(len(names))
    tabs, page = QTabWidget(), QWidget()
    fields = QFormLayout(page)
    asker = Recorder(rng)
    used: set[str] = set()
    for _ in range(rng.randint(2, 6)):
        label = writer.label().replace(",", ".")
        if label in used:
            continue
        used.add(label)
        value, field = _setting(rng, writer)
        fields.addRow(plain(label + ":"), field)
        asker.ask("value", value, label=label)
    for _ in range(rng.randint(0, 3)):
        label, on = writer.label().replace(",", "."), rng.random() < 0.5
        box = QCheckBox(plain(label))
        box.setChecked(on)
        fields.addRow(box)
        asker.ask("is_checked", "Yes" if on else "No", label=label)
    for place, name in enumerate(names):
        tabs.addTab(page if place == open_ else QWidget(), plain(name))
    tabs.setCurrentIndex(open_)
    buttons = writer.buttons(3)
    widget = QWidget()
    down = stacked(rng, widget)
    down.addWidget(tabs)
    down.addLayout(button_row(rng, buttons))
    widget.setMinimumWidth(tabs.tabBar().sizeHint().width() + 60)
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("tool_tabs", ", ".join(names), as_kind="menu")
    asker.ask("tool_tab", names[open_], as_kind="selected")
    asker.ask("describe", f'A settings window with the tab "{names[open_]}" open.')
    return Window(widget, asker, "form", "settings window")


def _setting(rng: random.Random, writer: Writer) -> tuple[str, QWidget]:
    kind = rng.choice(("text", "choice", "number"))
    if kind == "number":
        spin = QSpinBox()
        spin.setRange(0, 9999)
        spin.setValue(rng.randrange(1000))
        return spin.text(), spin
    value = writer.words(1, 2)
    if kind == "choice":
        box = QComboBox()
        box.addItem(value)
        return value, box
    line = QLineEdit(value)
    line.setMinimumWidth(line.fontMetrics().horizontalAdvance(value) + 24)
    return value, line


def files(rng: random.Random, writer: Writer) -> Window:
    """Folders on the left, files with size and date on the right."""
    folders = list(dict.fromkeys(writer.slot("noun").capitalize() for _ in range(rng.randint(3, 7))))
    names = list(dict.fromkeys(writer.file() for _ in range(rng.randint(3, 10))))
    rows = [(name, writer.size(), writer.date()) for name in names]
    head = ["Name", "Size", rng.choice(("Modified", "Date", "Changed"))]
    side, table = QListWidget(), QTreeWidget()
    side.addItems(folders)
    open_ = rng.randrange(len(folders))
    side.setCurrentRow(open_)
    table.setRootIsDecorated(False)
    table.setHeaderLabels(head)
    for one in rows:
        table.addTopLevelItem(QTreeWidgetItem(list(one)))
    chosen = rng.randrange(len(rows)) if rng.random() < 0.6 else -1
    row = table.topLevelItem(chosen)
    if row is not None:
        table.setCurrentItem(row)
    table.header().setStretchLastSection(False)
    for place in range(3):
        table.resizeColumnToContents(place)
    high = table.sizeHintForRow(0) * max(len(rows), len(folders)) + table.header().sizeHint().height() + 14
    side.setFixedSize(side.sizeHintForColumn(0) + 30, high)
    table.setFixedSize(sum(table.columnWidth(place) for place in range(3)) + 24, high)
    widget = QWidget()
    down = stacked(rng, widget)
    across = QHBoxLayout()
    across.addWidget(side)
    across.addWidget(table)
    down.addLayout(across)
    down.addWidget(QLabel(f"{len(rows)} items"))
    asker = Recorder(rng)
    asker.ask("tool_files", ", ".join(names), as_kind="list")
    asker.ask("tool_file_count", str(len(rows)), as_kind="how_many")
    asker.ask("tool_folder", folders[open_], as_kind="selected")
    asker.ask("columns", ", ".join(head))
    asker.ask("status", f"{len(rows)} items")
    if chosen >= 0:
        asker.ask("tool_file", names[chosen], as_kind="selected")
    for name, size, date in rng.sample(rows, min(4, len(rows))):
        asker.ask("tool_size", size, as_kind="cell", label=name)
        asker.ask("tool_date", date, as_kind="cell", label=name)
    asker.ask("describe", f'A file manager with {len(rows)} files; the folder "{folders[open_]}" is open.')
    return Window(widget, asker, "files", "file manager")


def wizard(rng: random.Random, writer: Writer) -> Window:
    """The toolkit's own: a title, a subtitle, a text, fields, buttons where it puts them."""
    made, page = QWizard(), QWizardPage()
    made.setWizardStyle(rng.choice((QWizard.WizardStyle.ClassicStyle, QWizard.WizardStyle.ModernStyle)))
    title, below = writer.words(1, 4).capitalize(), _flat(writer.sentence(3, 7))
    page.setTitle(title)
    page.setSubTitle(below)
    message = _flat(writer.sentence(4, 12))
    down = QVBoxLayout(page)
    text = QLabel(broken(rng, message, made))
    text.setTextFormat(Qt.TextFormat.PlainText)
    down.addWidget(text)
    asker = Recorder(rng)
    for _ in range(rng.randint(0, 2)):
        label, value = writer.label(), writer.words(1, 2)
        down.addWidget(QLabel(plain(label + ":")))
        down.addWidget(QLineEdit(value))
        asker.ask("value", value, label=label)
    made.addPage(page)
    made.restart()
    made.setMinimumWidth(rng.randint(360, 520))
    buttons = _buttons_of(made)
    asker.ask("heading", title)
    asker.ask("message", message)
    if buttons:
        asker.ask("buttons", ", ".join(buttons))
    asker.ask("describe", f'A wizard with the page "{title}".')
    return Window(made, asker, "dialog", "wizard")


def progress(rng: random.Random, writer: Writer) -> Window:
    """The toolkit's own: what is done, how far, and a button."""
    message, button, done = _flat(writer.message(error=False)), writer.buttons(1)[0], rng.randint(2, 98)
    made = QProgressDialog("", plain(button), 0, 100)
    made.setLabelText(broken(rng, message, made).replace("<", "("))
    message = message.replace("<", "(")
    made.setMinimumDuration(10**6)
    made.setAutoReset(False)
    made.setValue(done)
    made.setMinimumWidth(made.sizeHint().width() + 20)
    bar = made.findChild(QProgressBar)
    asker = Recorder(rng)
    ask_dialog(asker, "dialog", "", [message], [button], error=False)
    asker.asked = [one for one in asker.asked if one[0] not in {"line", "all"}]
    if bar and bar.isTextVisible():
        asker.ask("tool_progress", f"{done}%", as_kind="value")
    return Window(made, asker, "dialog", "dialog")


def asking(rng: random.Random, writer: Writer) -> Window:
    """The toolkit's own for a line of text."""
    message, value = _flat(writer.message(error=False)), writer.words(1, 3)
    made = QInputDialog()
    message = message.replace("<", "(")
    made.setLabelText(broken(rng, message, made))
    made.setTextValue(value)
    made.setOkButtonText(plain(rng.choice(("OK", "Save", "Open", "Rename", writer.word().capitalize()))))
    made.setMinimumWidth(made.fontMetrics().horizontalAdvance(value) + 80)
    asker = Recorder(rng)
    buttons = _buttons_of(made)
    ask_dialog(asker, "dialog", "", [message], buttons, error=False)
    asker.asked = [one for one in asker.asked if one[0] not in {"line", "all"}]
    asker.ask("tool_entered", value, as_kind="value")
    return Window(made, asker, "dialog", "dialog")


def choices(rng: random.Random, writer: Writer) -> Window:
    """A group of radio buttons under a heading."""
    head = writer.label()
    options = list(dict.fromkeys(writer.label().replace(",", ".") for _ in range(rng.randint(2, 5))))
    chosen, buttons = rng.randrange(len(options)), writer.buttons(3)
    widget, box = QWidget(), QGroupBox(plain(head))
    down, inside, group = stacked(rng, widget), QVBoxLayout(box), QButtonGroup(widget)
    for place, option in enumerate(options):
        radio = QRadioButton(plain(option))
        group.addButton(radio)
        radio.setChecked(place == chosen)
        inside.addWidget(radio)
    down.addWidget(box)
    down.addLayout(button_row(rng, buttons))
    asker = Recorder(rng)
    asker.ask("heading", head)
    asker.ask("tool_options", ", ".join(options), as_kind="list")
    asker.ask("tool_option", options[chosen], as_kind="selected")
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("describe", f"A dialog with the options {', '.join(options)}.")
    return Window(widget, asker, "form", "dialog")


def pages(rng: random.Random, writer: Writer) -> Window:
    """Settings whose pages are listed at the left, perhaps with tabs on the open one; buttons below."""
    names, asker = rng.sample(PAGES, rng.randint(3, 9)), Recorder(rng)
    open_ = rng.randrange(len(names))
    kind = rng.choice((("page", "pages"), ("category", "categories"), ("section", "sections"), ("topic", "topics")))
    ask_names(asker, rng, names, kind, rng.choice((" on the left", " at the left", " in the list")), open_)
    side, page = QListWidget(), QGroupBox(plain(names[open_])) if rng.random() < 0.5 else QWidget()
    side.addItems(names)
    side.setCurrentRow(open_)
    side.setFixedWidth(side.sizeHintForColumn(0) + rng.randint(16, 50))
    side.setFixedHeight(max(side.sizeHintForRow(0) * len(names) + 8, rng.randint(120, 260)))
    fields = QFormLayout(page)
    for label in rng.sample(list(COMBOS), rng.randint(1, 4)):
        value, box = rng.choice(COMBOS[label]), QComboBox()
        box.addItem(value)
        fields.addRow(plain(label + ":"), box)
        asker.ask("value", value, label=label)
    for label in dict.fromkeys(writer.label().replace(",", ".") for _ in range(rng.randint(1, 4))):
        tick, on = QCheckBox(plain(label)), rng.random() < 0.5
        tick.setChecked(on)
        fields.addRow(tick)
        asker.ask("is_checked", "Yes" if on else "No", label=label)
    widget, across = QWidget(), QHBoxLayout()
    down = stacked(rng, widget)
    across.addWidget(side)
    across.addWidget(_in_tabs(rng, asker, page, names) if rng.random() < 0.4 else page)
    down.addLayout(across)
    buttons = list(rng.choice(FEET))
    down.addLayout(button_row(rng, buttons))
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("describe", f'A settings window with the page "{names[open_]}" open.')
    return Window(widget, asker, "form", "settings window")


def _in_tabs(rng: random.Random, asker: Recorder, page: QWidget, used: list[str]) -> QTabWidget:
    """The page as the open one of some tabs."""
    names = rng.sample([name for name in PAGES if name not in used], rng.randint(2, 4))
    open_, tabs = rng.randrange(len(names)), QTabWidget()
    for place, name in enumerate(names):
        tabs.addTab(page if place == open_ else QWidget(), plain(name))
    tabs.setCurrentIndex(open_)
    tabs.setMinimumWidth(tabs.tabBar().sizeHint().width() + 10)
    asker.ask("tool_tabs", ", ".join(names), as_kind="menu")
    asker.ask("tool_tab", names[open_], as_kind="selected")
    return tabs


MORE_LAYOUTS: tuple[tuple[float, Callable[[random.Random, Writer], Window]], ...] = (
    (3, message_box), (1.2, details), (1.5, code), (1.2, terminal), (1.5, settings), (2.2, pages), (1.3, files),
    (1, wizard), (0.8, progress), (0.8, asking), (0.8, choices),
)  # fmt: skip
