"""One window of GTK 3 after the other: loaded, dressed in a theme, filled, given a size, photographed and read back."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from PIL import Image

from training.interfaces.gtk.arranging import arranged, title_of
from training.interfaces.gtk.files import Form
from training.interfaces.records import Interface

_LEAST, _MOST = (300, 200), (1700, 1000)
"""Sizes of images, px."""
_LARGE = (1240, 640)
"""Of main windows, and of dialogs and panes that have much to show."""
_LARGE_SHARE, _LARGE_DIALOG_SHARE, _SURROUNDED = 0.75, 0.15, 0.7
_OTHER_THEMES = ("HighContrast", "HighContrastInverse", "Greybird-compact", "Materia-compact")
_OTHER_THEMES_SHARE = 0.15
"""Beside those of `training.widgets.with_gtk`."""
_SMALL_SHARE, _SMALL = 0.65, (10, 11, 11, 12, 12, 13)
"""Of windows, those with small letters, px."""
_SPACIOUS = 650_000
"""Px of windows that need more to be seen than others."""
_ROOM = 50_000
"""Px of such a window for each control, at most."""
_OWN_BAR = 0.3
"""Of windows without a header bar that get one with their title."""
_FONT_TRIES, _LEAST_LINE = 9, 1.08
"""Fonts that ask for lower lines, in their size, have letters that GTK cuts off."""

Shot = tuple[Image.Image, Interface]


class Windows:
    """Loads, fills and photographs windows, one after the other."""

    def __init__(self, rng: random.Random) -> None:
        from training.interfaces.gtk.life import Filler
        from training.widgets.with_gtk import GtkWindows

        self._rng, self._looks, self._filler = rng, GtkWindows(rng), Filler(rng)

    def dress(self) -> None:
        """Take another theme and another font."""
        from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]

        from training.interfaces.gtk.places import font_px, line_px

        settings = Gtk.Settings.get_default()
        for _ in range(_FONT_TRIES):
            self._looks.dress()
            if self._rng.random() < _SMALL_SHARE:
                family = settings.get_property("gtk-font-name").rpartition(" ")[0]
                settings.set_property("gtk-font-name", f"{family} {self._rng.choice(_SMALL)}px")
            if self._rng.random() < _OTHER_THEMES_SHARE:
                settings.set_property("gtk-theme-name", self._rng.choice(_OTHER_THEMES))
            context = Gtk.Label().get_pango_context()
            if line_px(context) >= _LEAST_LINE * font_px(context):
                return

    def shoot(self, xml: str, root: str, name: str) -> Shot | None:
        """Draw a form; None where it has too little to see, or is too large.

        Args:
            xml: for Gtk.Builder.
            root: the id of the window or part in it.
            name: of the file and the root, which tells what is drawn where no title does.
        """
        from gi.repository import Gtk

        found = _built(xml, root)
        if found is None:
            return None
        is_dialog = isinstance(found, Gtk.Dialog)
        title = (found.get_title() or "") if isinstance(found, Gtk.Window) else ""
        size = found.get_default_size() if isinstance(found, Gtk.Window) else (-1, -1)
        outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        outer.get_style_context().add_class("background")
        inner = found.get_border_width() if isinstance(found, Gtk.Window) else self._rng.choice((6, 8, 12, 12, 18, 24))
        for part in _parts(found):
            is_bar = isinstance(part, Gtk.HeaderBar)
            outer.pack_start(part, not is_bar, not is_bar, 0)
            if not is_bar:
                self._pad(part, inner)
        _show(outer)
        large = self._is_large(outer, is_dialog=is_dialog)
        if large and not is_dialog and self._rng.random() < _SURROUNDED:
            outer = self._filler.surround(outer)
        if re.fullmatch(r"(?i)(window|dialog|label|title)?[ _-]?\d*", title):
            title = title_of(name)
        if not _bars(outer) and self._rng.random() < _OWN_BAR:
            _add_bar(outer, title)
        return self._drawn(outer, size, large=large, is_dialog=is_dialog, title=title, name=name)

    def compose(self, forms: Sequence[Form]) -> Shot | None:
        """Draw several forms of one program in one main window, beside each other or on tabs."""
        from gi.repository import Gtk

        panes: list[tuple[str, Any]] = []
        for form in forms:
            found = _built(form.xml, form.root)
            parts = [part for part in _parts(found) if not isinstance(part, Gtk.HeaderBar)] if found is not None else []
            if not parts or title_of(form.name) in [title for title, _ in panes]:
                continue
            if isinstance(found, Gtk.Dialog):
                found.get_action_area().set_no_show_all(True)
                found.get_action_area().hide()
            self._pad(parts[0], self._rng.choice((6, 8, 12)))
            panes.append((title_of(form.name), parts[0]))
        if len(panes) < 2:
            return None
        outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        outer.get_style_context().add_class("background")
        outer.pack_start(arranged(self._rng, panes), True, True, 0)
        for _, pane in panes:
            _show_part(pane)
        outer.show()
        self._is_large(outer, is_dialog=False)
        outer = self._filler.surround(outer)
        title = panes[0][0]
        if not _bars(outer) and self._rng.random() < _OWN_BAR:
            _add_bar(outer, title)
        return self._drawn(outer, (-1, -1), large=True, is_dialog=False, title=title, name=forms[0].name)

    def _pad(self, part: Any, inner: int) -> None:
        from gi.repository import Gtk

        if isinstance(part, Gtk.Container) and inner > part.get_border_width() and self._has_edge(part):
            part.set_border_width(inner)

    def _drawn(self, outer: Any, size: tuple[int, int], *, large: bool, is_dialog: bool, title: str,
               name: str) -> Shot | None:  # fmt: skip
        """Fill what is in a box, give it its size, photograph it and read it back."""
        from gi.repository import Gtk

        from training.interfaces.gtk.reading import Reader
        from training.widgets.with_gtk import photographed, settle

        window = Gtk.OffscreenWindow()
        window.add(outer)
        try:
            self._filler.fill(outer, large=large)
            window.show()
            if not self._resize(outer, size, large=large):
                return None
            settle(0.06)
            self._filler.fill_room(outer)
            if self._rng.random() < 0.6 or isinstance(window.get_focus(), Gtk.Label | Gtk.TextView):
                window.set_focus(None)
            settle(0.06)
            image = photographed(window)
            reader = Reader(window, outer)
            bars = [bar for bar in _bars(outer) if bar.get_mapped() and _is_on_top(bar, outer)]
            title = _seen_title(bars) if bars else title
        finally:
            window.destroy()
        noun = _noun(f"{name.rpartition('+')[2]} {title}", is_dialog=is_dialog)
        lines = tuple(reader.lines) if reader.located else ()
        interface = Interface(noun, title, bool(bars), "", tuple(reader.controls), lines, reader.located, is_dialog,
                              frozenset(reader.cut))  # fmt: skip
        return (image, interface) if _is_worth(image, interface) else None

    def _has_edge(self, part: Any) -> bool:
        """Whether a pane would have a margin in its window: bars and pages have none."""
        from gi.repository import Gtk

        bars = Gtk.MenuBar | Gtk.Toolbar | Gtk.Notebook | Gtk.Paned | Gtk.ScrolledWindow | Gtk.HeaderBar | Gtk.Statusbar
        return not isinstance(part, bars) and not any(isinstance(one, bars) for one in part.get_children())

    def _is_large(self, outer: Any, *, is_dialog: bool) -> bool:
        """Whether it is given much room, as what has tables, texts and lists is; these then take it."""
        from gi.repository import Gtk

        from training.interfaces.gtk.room import stretch
        from training.interfaces.gtk.walking import walk

        rng = self._rng
        roomy = [one for one in walk(outer) if isinstance(one, Gtk.TreeView | Gtk.TextView | Gtk.ListBox | Gtk.Paned)]
        if not roomy or rng.random() >= (_LARGE_DIALOG_SHARE if is_dialog else _LARGE_SHARE):
            return False
        best = next((one for one in roomy if isinstance(one, Gtk.TreeView | Gtk.TextView)), roomy[0])
        inside = best.get_parent()
        stretch(inside if isinstance(inside, Gtk.ScrolledWindow | Gtk.Viewport) else best)
        return True

    def _resize(self, outer: Any, size: tuple[int, int], *, large: bool) -> bool:
        """Its natural size, that of the file, or a wider one; whether it fits."""
        rng = self._rng
        wide, high = _natural(outer)
        if wide < _LEAST[0] * 0.6 or high < _LEAST[1] * 0.55:
            return False
        draw = rng.random()
        if large:
            wide = max(wide, round(rng.triangular(_LARGE[0], _MOST[0], 1380)))
            high = max(high, round(rng.triangular(_LARGE[1], _MOST[1], 700)))
        elif draw < 0.35 and size[0] > 0:
            wide, high = max(wide, size[0]), max(high, size[1])
        elif draw < 0.7:
            wide, high = round(wide * rng.uniform(1, 1.4)), round(high * rng.uniform(1, 1.25))
        wide, high = max(wide, _LEAST[0]), max(high, _LEAST[1])
        outer.set_size_request(min(wide, _MOST[0]), min(high, _MOST[1]))
        least = outer.get_preferred_size()[0]
        return bool(least.width <= _MOST[0] and least.height <= _MOST[1])


def _built(xml: str, root: str) -> Any:
    """The widget that a form describes; None where GTK does not take it, or it is no window or part of one."""
    from gi.repository import GLib, Gtk

    builder = Gtk.Builder()
    try:
        builder.add_from_string(xml)
    except GLib.Error:
        return None
    found = builder.get_object(root)
    fits = isinstance(found, Gtk.Widget) and not isinstance(found, Gtk.Menu | Gtk.Popover | Gtk.AboutDialog)
    return found if fits else None


def _natural(outer: Any) -> tuple[int, int]:
    found = outer.get_preferred_size()[1]
    return min(found.width, _MOST[0]), min(found.height, _MOST[1])


def _parts(found: Any) -> list[Any]:
    """The title bar and the content of a window, taken out of it; or a pane as it is."""
    from gi.repository import Gtk

    if not isinstance(found, Gtk.Window):
        if found.get_parent() is not None:
            found.get_parent().remove(found)
        return [found]
    bar, inside = found.get_titlebar(), found.get_child()
    if bar is not None:
        found.set_titlebar(None)
        if bar.get_parent() is not None:
            bar.get_parent().remove(bar)
    if inside is not None:
        found.remove(inside)
    return [part for part in (bar, inside) if part is not None]


def _show(outer: Any) -> None:
    """Show what the file says is visible; all of it where it says that of nothing."""
    outer.show()
    for part in outer.get_children():
        _show_part(part)


def _show_part(part: Any) -> None:
    from gi.repository import Gtk

    from training.interfaces.gtk.walking import walk

    part.show()
    inside = list(walk(part))[1:]
    if sum(one.get_visible() for one in inside) * 3 < len(inside):
        part.show_all()
    if isinstance(part, Gtk.HeaderBar):
        part.set_show_close_button(True)


def _bars(outer: Any) -> list[Any]:
    from training.interfaces.gtk.walking import walk

    return [one for one in walk(outer) if one.get_visible() and type(one).__name__ == "HeaderBar"]


def _is_on_top(bar: Any, outer: Any) -> bool:
    """Whether a header bar is the window's, not that of a part of it."""
    x, y = bar.translate_coordinates(outer, 0, 0)
    return bool(x < 40 and y < 10 and bar.get_allocated_width() > 0.9 * outer.get_allocated_width())


def _add_bar(outer: Any, title: str) -> None:
    """A header bar of its own, with its title."""
    from gi.repository import Gtk

    bar = Gtk.HeaderBar(title=title, show_close_button=True)
    bar.show_all()
    outer.pack_start(bar, False, False, 0)
    outer.reorder_child(bar, 0)


def _seen_title(bars: list[Any]) -> str:
    """What header bars say in their middle, if anything."""
    from gi.repository import Gtk

    from training.interfaces.gtk.walking import walk

    for bar in bars:
        for label in walk(bar):
            is_title = isinstance(label, Gtk.Label) and label.get_style_context().has_class("title")
            if is_title and label.get_mapped() and not label.get_layout().is_ellipsized() and label.get_text().strip():
                return str(label.get_text().strip())
    return ""


def _noun(name: str, *, is_dialog: bool) -> str:
    lower = name.lower()
    if re.search(r"preferences|prefs", lower):
        return "preferences window"
    if re.search(r"settings|config|options", lower):
        return "settings window"
    return "dialog" if is_dialog else "window"


def _is_worth(image: Image.Image, interface: Interface) -> bool:
    """Whether enough is seen."""
    said = [control for control in interface.controls if control.text or control.label]
    active = [control for control in said if control.role not in {"label", "heading", "message"}]
    wide, high = image.size
    small = wide < _LEAST[0] or high < _LEAST[1] or wide > _MOST[0] or high > _MOST[1]
    least = max(8, wide * high // _ROOM) if wide * high >= _SPACIOUS else 4
    return not small and len(said) >= least and len(active) >= 2
