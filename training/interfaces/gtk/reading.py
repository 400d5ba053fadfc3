"""Windows of GTK 3 read back: the controls that are seen as a whole, what they say, and where their characters are."""

from __future__ import annotations

from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from training.interfaces.gtk import places  # noqa: E402
from training.interfaces.gtk.captions import bare, label_of  # noqa: E402
from training.interfaces.gtk.places import Text, box_of, inside, outside  # noqa: E402
from training.interfaces.gtk.room import LINES  # noqa: E402
from training.interfaces.gtk.tables import read_tree  # noqa: E402
from training.interfaces.gtk.walking import walk  # noqa: E402
from training.interfaces.records import Control, Role  # noqa: E402
from training.screens.records import Box  # noqa: E402
from training.screens.webpages import Line  # noqa: E402
from training.widgets.parts import DOWN, UP  # noqa: E402

_SENTENCE, _WORDS, _LONG = 45, 4, 75
"""Characters of a label that is a message if it ends like one, words of a sentence, characters of any message."""


class Reader:
    """Reads one window that is drawn.

    Attributes:
        controls: those seen as a whole, in reading order.
        lines: the characters seen.
        located: whether these are all.
        cut: containers of which not all is seen; "" where that is so of the window.
    """

    def __init__(self, window: Any, content: Any) -> None:
        self._window = window
        self.controls: list[Control] = []
        self.lines: list[Line] = []
        self.located = True
        self.cut: set[str] = set()
        self._ids = 0
        self._inside = ""
        self._whole = box_of(content, window)
        self._read(content, self._whole, "", "")

    # --- walking

    def _read(self, widget: Any, clip: Box, container: str, called: str) -> None:
        if not widget.get_mapped() or not widget.get_child_visible():
            return
        if isinstance(widget, Gtk.ScrolledWindow | Gtk.Viewport | Gtk.Notebook | Gtk.Stack | Gtk.Paned | Gtk.ListBox):
            clip = places.shared(clip, box_of(widget, self._window))
        box = box_of(widget, self._window)
        if outside(box, clip):
            self.cut |= {container, ""}
            return
        self._inside = container
        if isinstance(widget, Gtk.MenuBar | Gtk.Toolbar | Gtk.StackSwitcher | Gtk.ListBox | Gtk.StackSidebar):
            container, called = self._new_id(), ""
        reader = next((getattr(self, read) for kind, read in _READERS if isinstance(widget, kind)), None)
        if reader is not None and reader(widget, clip, container, called):
            return
        self._children(widget, clip, container, called)

    def _children(self, widget: Any, clip: Box, container: str, called: str) -> None:
        if not isinstance(widget, Gtk.Container):
            return
        children: list[Any] = []
        widget.forall(children.append)
        for child in _in_reading_order(children, self._window):
            self._read(child, clip, container, called)

    def _new_id(self) -> str:
        self._ids += 1
        return f"in-{self._ids}"

    # --- texts

    def _seen(self, text: Text, clip: Box) -> tuple[str, float]:
        """Take what of a text is seen. Its words, or "" unless all is; and the height of its letters, px."""
        lines = [line for line in text.lines if not outside(line.box, clip)]
        cut = [line for line in lines if not inside(line.box, clip, 2)]
        self.lines += [line for line in lines if line not in cut]
        if cut or not text.whole:
            self.located = False
        if cut or not text.whole or len(lines) < len(text.lines):
            self.cut |= {self._inside, ""}
        if cut or not text.whole or len(lines) < len(text.lines) or not lines:
            return "", 0.0
        return " ".join(line.text for line in lines), lines[0].bottom - lines[0].top

    def _labels(self, widget: Any, clip: Box) -> tuple[list[str], float, bool]:
        """The texts of all labels inside a widget, the height of their letters, and whether all are seen."""
        texts, letters, whole = [], 0.0, True
        labels = [one for one in walk(widget) if one.get_mapped() and isinstance(one, Gtk.Label | Gtk.CellView)]
        for label in _in_reading_order(labels, self._window):
            if isinstance(label, Gtk.CellView):
                said, found = places.text_of_cell_view(label, self._window)
                text, high = self._seen(found, clip)
                text = text or (said if not found.lines else "")
            else:
                if not label.get_text().strip():
                    continue
                text, high = self._seen(places.text_of_label(label, self._window), clip)
            whole = whole and bool(text)
            letters = letters or high
            if text:
                texts.append(text)
        return texts, letters, whole

    def _caption(self, widget: Any) -> str:
        """The text that says what a control is, where it is seen as a whole and stands before or above it."""
        label = label_of(widget)
        if label is None or not label.get_mapped() or label.get_layout().is_ellipsized():
            return ""
        mine, lines = box_of(widget, self._window), places.text_of_label(label, self._window).lines
        if not lines:
            return ""
        its = places.box_of_lines(lines)  # a label may be as high as several rows
        before = its[2] <= mine[0] + 4 and its[1] < mine[3] and its[3] > mine[1]
        above = its[3] <= mine[1] + 4 and its[0] < mine[2] and mine[1] - its[3] < 30
        return bare(label.get_text()) if before or above else ""

    def _add(self, role: Role, text: str, widget: Any, clip: Box, container: str, called: str, **more: Any) -> None:
        box = box_of(widget, self._window)
        if not inside(box, clip):
            self.cut |= {container, ""}
        else:
            self.controls.append(Control(role, text, box, enabled=widget.is_sensitive(), container=container,
                                         called=called, **more))  # fmt: skip

    # --- controls; each returns whether nothing inside is to be read

    def _label(self, label: Any, clip: Box, container: str, called: str) -> bool:
        if not label.get_text().strip():
            return True
        found = places.text_of_label(label, self._window)
        text, letters = self._seen(found, clip)
        is_title = label.get_style_context().has_class("title") and _above(label, Gtk.HeaderBar)
        if text and not is_title:
            caption = self._caption(label)
            role = "label" if caption else _kind_of_label(label, text)
            box = places.box_of_lines(found.lines)
            self.controls.append(Control(role, text, box, letters, caption, enabled=label.is_sensitive(),
                                         container=container, called=called))  # fmt: skip
        return True

    def _entry(self, entry: Any, clip: Box, container: str, called: str) -> bool:
        if isinstance(entry.get_parent(), Gtk.ComboBox):
            return False
        text, letters = self._seen(places.text_of_entry(entry, self._window), clip)
        shown = entry.get_text().strip()
        if not entry.get_visibility() or (shown and not text) or (not shown and text):
            self.cut |= {container, ""}
            return True  # a password, or cut off, or a hint in place of a content
        role: Role = "spin" if isinstance(entry, Gtk.SpinButton) else "field"
        self._add(role, text, entry, clip, container, called, letters=letters, label=self._caption(entry))
        return True

    def _combo(self, combo: Any, clip: Box, container: str, called: str) -> bool:
        if combo.get_has_entry() and isinstance(combo.get_child(), Gtk.Entry):
            text, letters = self._seen(places.text_of_entry(combo.get_child(), self._window), clip)
            whole = bool(text) == bool(combo.get_child().get_text())
        else:
            texts, letters, whole = self._labels(combo, clip)
            text = " ".join(texts)
        if whole:
            self._add("combo", text, combo, clip, container, called, letters=letters, label=self._caption(combo))
        return True

    def _button(self, button: Any, clip: Box, container: str, called: str) -> bool:
        if isinstance(button, Gtk.FileChooserButton):
            return False
        if isinstance(button, Gtk.FontButton) or _above(button, Gtk.FileChooserButton):
            self.cut.add("")  # its text is a value; nobody would name the button by it
            self._labels(button, clip)
            return True
        if (
            button.get_style_context().has_class("titlebutton")
            or _above(button, Gtk.SpinButton)
            or _above(button, Gtk.Calendar)
        ):
            return False
        texts, letters, whole = self._labels(button, clip)
        text = " ".join(texts)
        if not whole:
            return True
        role, more = _kind_of_button(button)
        if isinstance(button, Gtk.CheckButton) and not text:
            more["label"] = self._caption(button)
        self._add(role, text, button, clip, container, called, letters=letters, **more)
        return True

    def _switch(self, switch: Any, clip: Box, container: str, called: str) -> bool:
        self._add("switch", "", switch, clip, container, called, is_on=switch.get_active(),
                  label=self._caption(switch))  # fmt: skip
        return True

    def _scale(self, scale: Any, clip: Box, container: str, called: str) -> bool:
        shown = scale.get_draw_value()
        text, letters = self._seen(places.text_of_scale(scale, self._window), clip) if shown else ("", 0.0)
        if getattr(scale, "has_marks", False):
            self.located = False
        if text or not shown:
            self._add("slider", text, scale, clip, container, called, letters=letters, label=self._caption(scale))
        return True

    def _progress(self, bar: Any, clip: Box, container: str, called: str) -> bool:
        text = (bar.get_text() or "") if bar.get_show_text() else ""
        if text:
            self.located = False  # its layout is its own
        letters = (UP + DOWN) * places.font_px(bar.get_pango_context()) if text else 0.0
        self._add("progress", text, bar, clip, container, called, letters=letters, label=self._caption(bar))
        return True

    def _view(self, view: Any, clip: Box, container: str, called: str) -> bool:
        buffer = view.get_buffer()
        if not buffer.get_char_count():
            self._add("text", "", view, clip, container, called, label=self._caption(view))
            return True
        found = places.text_of_view(view, self._window)
        text, letters = self._seen(found, clip)
        if text and view.get_name() == LINES:
            text = buffer.get_text(*buffer.get_bounds(), False)
        if text and (view.get_editable() or "\n" in text):
            self._add("text", text, view, clip, container, called, letters=letters, label=self._caption(view))
        elif text:
            self._add("message", text, view, clip, container, called, letters=letters)
        return True

    def _tree(self, tree: Any, clip: Box, _container: str, called: str) -> bool:
        if not inside(box_of(tree, self._window), clip) and not isinstance(tree.get_parent(), Gtk.ScrolledWindow):
            self.located = False
            return True
        read = read_tree(tree, self._window, clip, self._new_id(), self._caption(tree) or called)
        self.controls += read.controls
        self.lines += read.lines
        self.located = self.located and read.whole
        if read.is_cut:
            self.cut |= {read.name, ""}
        if read.has_boxes:
            self.cut.add("")  # check boxes that are no controls of their own
        return True

    def _notebook(self, book: Any, clip: Box, _container: str, called: str) -> bool:
        tabs = self._new_id()
        for number in range(book.get_n_pages()):
            label = book.get_tab_label(book.get_nth_page(number)) if book.get_show_tabs() else None
            if label is None or not label.get_mapped() or not label.get_child_visible():
                continue
            texts, letters, whole = self._labels(label, clip)
            if not whole:
                self.cut |= {tabs, ""}
            elif texts:
                self._add("tab", " ".join(texts), label, clip, tabs, "", letters=letters,
                          selected=number == book.get_current_page())  # fmt: skip
        page = book.get_nth_page(book.get_current_page())
        if page is not None:
            self._read(page, clip, "", called)
        return True

    def _frame(self, frame: Any, clip: Box, container: str, called: str) -> bool:
        label = frame.get_label_widget()
        if not isinstance(label, Gtk.Label) or not label.get_mapped() or frame.get_child() is None:
            return False
        text, letters = self._seen(places.text_of_label(label, self._window), clip)
        if text:
            container, called = self._new_id(), bare(text)
            self._add("group", bare(text), frame, clip, container, called, letters=letters)
        self._read(frame.get_child(), clip, container, called)
        return True

    def _row(self, row: Any, clip: Box, container: str, called: str) -> bool:
        """A row of a list with nothing but texts is an entry; others hold controls, with their captions."""
        kinds = Gtk.Entry | Gtk.ComboBox | Gtk.Switch | Gtk.Button | Gtk.Scale | Gtk.ProgressBar | Gtk.TreeView
        if any(isinstance(one, kinds) and one.get_mapped() for one in walk(row)):
            self.cut.add(container)
            return False
        texts, letters, whole = self._labels(row, clip)
        if whole and texts:
            self._add("entry", texts[0], row, clip, container, called, letters=letters, selected=row.is_selected())
            labels = [
                one for one in walk(row) if isinstance(one, Gtk.Label) and one.get_mapped() and one.get_text().strip()
            ]
            labels = _in_reading_order(labels, self._window)
            if len(labels) == 2 and box_of(labels[1], self._window)[0] >= box_of(labels[0], self._window)[2]:
                self._add("label", texts[1], labels[1], clip, "", called, letters=letters, label=bare(texts[0]))
        return True

    def _menu_item(self, item: Any, clip: Box, container: str, called: str) -> bool:
        texts, letters, whole = self._labels(item, clip)
        if whole and texts:
            self._add("menu", " ".join(texts), item, clip, container, called, letters=letters)
        return True

    def _unknown(self, _widget: Any, _clip: Box, _container: str, _called: str) -> bool:
        """A control that draws texts of its own."""
        self.located = False
        return True

    def _header(self, bar: Any, clip: Box, _container: str, called: str) -> bool:
        self._children(bar, clip, "", called)
        return True


_READERS: tuple[tuple[Any, str], ...] = (
    (Gtk.HeaderBar, "_header"), (Gtk.Label, "_label"), (Gtk.Entry, "_entry"),
    (Gtk.ComboBox, "_combo"), (Gtk.Button, "_button"), (Gtk.Switch, "_switch"),
    (Gtk.Scale, "_scale"), (Gtk.ProgressBar, "_progress"), (Gtk.TextView, "_view"),
    (Gtk.TreeView, "_tree"), (Gtk.Notebook, "_notebook"), (Gtk.Frame, "_frame"),
    (Gtk.ListBoxRow, "_row"), (Gtk.MenuItem, "_menu_item"), (Gtk.Calendar, "_unknown"),
    (Gtk.IconView, "_unknown"), (Gtk.CellView, "_unknown"),
)  # fmt: skip


def _kind_of_label(label: Any, text: str) -> Role:
    """What a label is by its text, its look and its place."""
    ends = text.endswith((".", "!", "?", ":"))
    sentence = len(text.split()) >= _WORDS and ends and not text.endswith(":")
    if _above(label, Gtk.Statusbar):
        return "status"
    if (
        (len(text) >= _SENTENCE and (ends or len(text) >= _LONG) and not text.endswith(":"))
        or sentence
        or ("\n" in label.get_text().strip() and len(text) >= _SENTENCE)
        or _above(label, Gtk.InfoBar)
    ):
        return "message"
    is_caption = text.endswith(":") or _above(label, Gtk.ListBoxRow)
    return "heading" if _is_heading(label) and not is_caption else "label"


def _kind_of_button(button: Any) -> tuple[Role, dict[str, Any]]:
    """The role of a button, and whether it is on."""
    is_on = isinstance(button, Gtk.ToggleButton) and button.get_active()
    if isinstance(button, Gtk.CheckButton):
        role: Role = "radio" if isinstance(button, Gtk.RadioButton) else "checkbox"
        return role if button.get_mode() else "button", {"is_on": is_on}
    if isinstance(button.get_parent(), Gtk.StackSwitcher):
        return "tab", {"selected": is_on}
    if isinstance(button, Gtk.LinkButton):
        return "link", {}
    if _above(button, Gtk.Toolbar):
        return "tool", {"selected": is_on}
    if isinstance(button, Gtk.ToggleButton) and not isinstance(button, Gtk.MenuButton):
        return "button", {"is_on": is_on, "selected": is_on}
    return "button", {}


def _above(widget: Any, kind: Any) -> bool:
    """Whether a widget is in one of this class."""
    parent = widget.get_parent()
    while parent is not None:
        if isinstance(parent, kind):
            return True
        parent = parent.get_parent()
    return False


def _is_heading(label: Any) -> bool:
    """Whether a label is set bold or large."""
    style = label.get_style_context()
    if style.has_class("heading") or style.has_class("title") or style.has_class("large-title"):
        return True
    markup = label.get_label()
    if label.get_use_markup() and markup.startswith(("<b>", "<big>", "<span weight", "<span size", "<span font")):
        return True
    found = label.get_attributes()
    return found is not None and any(
        word in found.to_string() for word in ("weight bold", "weight semibold", "scale 1.")
    )


def _in_reading_order(widgets: list[Any], window: Any) -> list[Any]:
    """Widgets beside each other from left to right, those below after them."""
    drawn = [one for one in widgets if one.get_mapped()]
    rest = sorted(((box_of(one, window), place, one) for place, one in enumerate(drawn)), key=lambda one: one[0][1])
    ordered: list[Any] = []
    while rest:
        first = rest[0][0]
        middle = (first[1] + first[3]) / 2
        row = [one for one in rest if one[0][1] <= middle]
        rest = [one for one in rest if one[0][1] > middle]
        ordered += [one[2] for one in sorted(row, key=lambda one: (one[0][0], one[1]))]
    return ordered
