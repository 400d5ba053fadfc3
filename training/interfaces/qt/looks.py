"""How a Qt program may look: its style, colours, font, icons, and style sheets after those of desktops."""

from __future__ import annotations

import functools
import random

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle

from training.screens.themes import THEMES, Theme, luminance
from training.screens.typefaces import load_families

_HINTING = (
    QFont.HintingPreference.PreferNoHinting,
    QFont.HintingPreference.PreferVerticalHinting,
    QFont.HintingPreference.PreferFullHinting,
)
_COMMON = ("DejaVu Sans", "Noto Sans", "Cantarell", "Liberation Sans", "Open Sans", "Roboto", "Inter", "Oxygen-Sans",
           "Arimo", "FreeSans", "Nimbus Sans")  # fmt: skip
_ICON_THEMES = ("breeze", "breeze", "Papirus", "elementary-xfce", "Adwaita", "gnome", "mate")
_NAMES = (
    "document-new", "document-open", "document-save", "document-print", "edit-copy", "edit-cut", "edit-paste",
    "edit-delete", "edit-find", "edit-undo", "edit-redo", "go-next", "go-previous", "go-up", "go-home", "view-refresh",
    "list-add", "list-remove", "zoom-in", "zoom-out", "folder", "text-x-generic", "media-playback-start",
    "media-playback-stop", "system-search", "process-stop", "help-browser", "user-home", "network-server",
    "drive-harddisk", "computer", "preferences-system", "mail-unread", "bookmark-new", "help-about", "image-x-generic",
)  # fmt: skip
_LEAST_APART = 40
"""Of 255: how much lighter or darker than the list a selected row is at least."""

_SHEETS = (
    # flat, with thin lines and rounded corners
    """
    QPushButton, QComboBox {{ background: {button}; color: {button_ink}; border: 1px solid {line};
      border-radius: {radius}px; padding: {pad}px {wide}px; }}
    QPushButton:disabled, QComboBox:disabled, QLineEdit:disabled {{ color: {dim}; }}
    QLineEdit {{ background: {field}; color: {field_ink}; border: 1px solid {line}; border-radius: {radius}px;
      padding: {pad}px {pad}px; }}
    QPushButton:default {{ border: 1px solid {accent}; }}
    """,
    # buttons that are filled with the accent, fields with a line below
    """
    QPushButton {{ background: {accent}; color: {accent_ink}; border: none; border-radius: {radius}px;
      padding: {pad}px {wide}px; }}
    QPushButton:disabled {{ background: {line}; color: {dim}; }}
    QLineEdit {{ background: {field}; color: {field_ink}; border: none; border-bottom: 2px solid {accent};
      padding: {pad}px 2px; }}
    QLineEdit:disabled {{ color: {dim}; border-bottom: 1px solid {line}; }}
    """,
    # tabs that are underlined, frames without lines
    """
    QTabWidget::pane {{ border-top: 1px solid {line}; }}
    QTabBar::tab {{ padding: {pad}px {wide}px; border-bottom: 3px solid transparent; color: {ink}; }}
    QTabBar::tab:selected {{ border-bottom: 3px solid {accent}; }}
    QGroupBox {{ border: none; font-weight: bold; margin-top: 1.6em; padding-top: 4px; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 0px; }}
    QHeaderView::section {{ background: {window}; color: {ink}; border: none; border-bottom: 1px solid {line};
      padding: 4px; }}
    """,
    # roomy lists and a coloured menu bar
    """
    QListView::item, QTreeView::item {{ padding: {pad}px 4px; }}
    QMenuBar {{ background: {title}; color: {title_ink}; }}
    QMenuBar::item {{ padding: 4px {wide}px; background: transparent; color: {title_ink}; }}
    QStatusBar {{ background: {button}; color: {button_ink}; }}
    QToolBar {{ background: {button}; border: none; spacing: 4px; }}
    QPushButton {{ background: {button}; color: {button_ink}; border: 1px solid {line}; padding: {pad}px {wide}px; }}
    QPushButton:disabled {{ color: {dim}; }}
    """,
)


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> QColor:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return QColor(red, green, blue)


def palette_of(rng: random.Random, theme: Theme) -> QPalette:
    """A theme's colours for Qt, greyed-out ones included."""
    roles, palette = QPalette.ColorRole, QPalette(QColor(*theme.button), QColor(*theme.window))
    seen = abs(luminance(theme.accent) - luminance(theme.field)) > _LEAST_APART  # or nobody sees what is selected
    selected = (theme.accent, theme.accent_ink) if seen else (theme.field_ink, theme.field)
    colours = {
        roles.Window: theme.window, roles.WindowText: theme.ink, roles.Base: theme.field, roles.Text: theme.field_ink,
        roles.Button: theme.button, roles.ButtonText: theme.button_ink, roles.Highlight: selected[0],
        roles.HighlightedText: selected[1], roles.Link: theme.accent if seen else theme.ink,
    }  # fmt: skip
    for role, colour in colours.items():
        palette.setColor(role, QColor(*colour))
    palette.setColor(roles.AlternateBase, _mixed(theme.field, theme.field_ink, rng.uniform(0.03, 0.1)))
    palette.setColor(roles.PlaceholderText, _mixed(theme.field_ink, theme.field, 0.5))
    share = rng.uniform(0.45, 0.58)
    off = {roles.WindowText: (theme.ink, theme.window), roles.Text: (theme.field_ink, theme.field),
           roles.ButtonText: (theme.button_ink, theme.button)}  # fmt: skip
    for role, (ink, ground) in off.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, _mixed(ink, ground, share))
    return palette


def _named(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def sheet_of(rng: random.Random, theme: Theme) -> str:
    """A style sheet in a theme's colours."""
    parts = rng.sample(_SHEETS, rng.choice((1, 1, 2)))
    colours = {
        name: _named(getattr(theme, name))
        for name in ("window", "ink", "title", "title_ink", "button", "button_ink", "accent", "accent_ink", "field",
                     "field_ink", "line")
    }  # fmt: skip
    pad = rng.randint(2, 6)
    dim, wide, radius = (
        _mixed(theme.ink, theme.window, 0.5).name(),
        pad + rng.randint(3, 12),
        rng.choice((0, 2, 3, 4, 6)),
    )
    return "".join(parts).format(**colours, dim=dim, pad=pad, wide=wide, radius=radius)


@functools.cache
def _families() -> list[str]:
    """Those collected to train on that are installed; asking Qt takes long."""
    return [one.name for one in load_families("train") if QFontDatabase.hasFamily(one.name) and not one.bitmap]


def _font(rng: random.Random) -> QFont:
    families = _families()
    common = [name for name in _COMMON if name in families]
    font = QFont(rng.choice(common if rng.random() < 0.6 else families))
    font.setPixelSize(rng.choices((10, 11, 12, 13, 14, 15, 16, 17, 18), (2, 6, 10, 11, 7, 4, 3, 1, 1))[0])
    font.setHintingPreference(rng.choice(_HINTING))
    font.setKerning(rng.random() < 0.9)
    strategies = QFont.StyleStrategy
    font.setStyleStrategy(rng.choice((strategies.PreferDefault,) * 9 + (strategies.NoAntialias,)))
    return font


def dress(rng: random.Random, app: QApplication) -> None:
    """A style, colours, a font and icons for the next window."""
    app.setStyleSheet("")
    app.setStyle(rng.choice(("Fusion", "Fusion", "Fusion", "Windows")))
    theme = rng.choice(THEMES)
    dark = False
    if rng.random() < 0.2:
        app.setPalette(app.style().standardPalette())
    else:
        app.setPalette(palette_of(rng, theme))
        dark = luminance(theme.window) < 128
        if rng.random() < 0.4:
            app.setStyleSheet(sheet_of(rng, theme))
    app.setFont(_font(rng))
    name = rng.choice(_ICON_THEMES)
    QIcon.setThemeName("breeze-dark" if dark and name == "breeze" else name)


def _drawn(rng: random.Random, size: int) -> QIcon:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor.fromHsv(rng.randrange(360), rng.randint(60, 230), rng.randint(120, 240)))
    painter.setPen(Qt.PenStyle.NoPen)
    if rng.random() < 0.5:
        painter.drawRoundedRect(1, 1, size - 2, size - 2, 3, 3)
    else:
        painter.drawEllipse(QPointF(size / 2, size / 2), size / 2 - 1, size / 2 - 1)
    painter.end()
    return QIcon(pixmap)


def some_icons(rng: random.Random, app: QApplication) -> list[QIcon]:
    """Icons of the theme, of the style, and coloured shapes."""
    themed = [icon for icon in (QIcon.fromTheme(name) for name in rng.sample(_NAMES, 12)) if not icon.isNull()]
    kinds = list(QStyle.StandardPixmap)[9:60]
    own = [app.style().standardIcon(kind) for kind in rng.sample(kinds, 3)]
    return [icon for icon in [*themed, *own, _drawn(rng, 16), _drawn(rng, 16)] if not icon.isNull()]
