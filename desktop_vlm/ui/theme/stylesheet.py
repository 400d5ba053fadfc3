"""The style sheet of the whole program.

Views do not style themselves: they set the property `kind` of a widget (see `theme.set_kind`).

| widget | kinds |
|---|---|
| QPushButton | primary, secondary (default), quiet, danger, link, chip, segment (in a QFrame of kind segments) |
| QToolButton | icon (default), send, row |
| QLabel | (text), title, heading, row-title, muted, caption, error, badge, badge-success, badge-warning, keycap |
| QProgressBar | (at work), resting |
| QFrame, QWidget | card, sidebar, composer, bubble, banner-danger, banner-warning, banner-info, panel, line |
| QLineEdit, QPlainTextEdit, QTextEdit | (outlined), bare |
| QListView | nav (with icons, for the keyboard too), checks (boxes, below a heading) |
"""

from __future__ import annotations

from collections.abc import Callable

from desktop_vlm.ui.theme.colors import DARK, Colors


def stylesheet(colors: Colors, text_px: int, mono_family: str, drawing: Callable[[str, str], str]) -> str:
    """Qt style sheet of a theme.

    Args:
        colors: of the theme.
        text_px: size of running text in pixels.
        mono_family: font of code.
        drawing: gives the file of an icon by its name and colour.
    """
    return "".join(
        part(colors, text_px) for part in (_areas, _text, _buttons, _inputs, _lists, _rest, _choices, _on_dark)
    ) + (
        f'QPlainTextEdit[kind="code"], QTextEdit[kind="code"] {{ font-family: "{mono_family}"; }}'
        + _marks(colors, text_px, drawing)
    )


def _marks(c: Colors, px: int, drawing: Callable[[str, str], str]) -> str:
    """What Qt would draw itself in colours of its own: ticks and arrows."""
    return f"""
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{
    width: 16px; height: 16px; border: 1px solid {c.control}; background: {c.surface}; }}
QCheckBox::indicator, QListView::indicator {{ border-radius: 5px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {c.accent}; width: 14px; height: 14px; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{
    background: {c.accent}; border-color: {c.accent}; image: url("{drawing("check", c.on_accent)}"); }}
QCheckBox::indicator:checked:focus {{ border-color: {c.text}; }}
QRadioButton::indicator:checked {{ background: {c.on_accent}; border: 5px solid {c.accent}; width: 8px; height: 8px; }}
QRadioButton::indicator:checked:focus {{ background: {c.accent_soft}; }}
QMenu::right-arrow {{ image: url("{drawing("chevron-right", c.faint)}"); width: {px}px; height: {px}px; right: 8px; }}
QLineEdit {{ lineedit-clear-button-icon: url("{drawing("x", c.muted)}"); }}
QComboBox::down-arrow {{ image: url("{drawing("chevron-down", c.muted)}"); width: {px}px; height: {px}px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
    border: none; background: transparent; width: 20px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{
    image: url("{drawing("chevron-up", c.muted)}"); width: {round(px * 0.86)}px; height: {round(px * 0.86)}px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
    image: url("{drawing("chevron-down", c.muted)}"); width: {round(px * 0.86)}px; height: {round(px * 0.86)}px; }}
"""


def _areas(c: Colors, _px: int) -> str:
    return f"""
QMainWindow, QDialog {{ background: {c.window}; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.border}; padding: 4px 6px; }}
*[kind="sidebar"] {{ background: {c.sidebar}; }}
*[kind="panel"] {{ background: {c.sidebar}; }}
*[kind="stage"] {{ background: #0e0e10; }}
*[kind="card"] {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 12px; }}
*[kind="composer"] {{ background: {c.surface}; border: 1px solid {c.control}; border-radius: 16px; }}
*[kind="composer"][focused="true"] {{ border-color: {c.accent}; }}
*[kind="bubble"] {{ background: {c.bubble}; border-radius: 14px; }}
*[kind="banner-danger"] {{ background: {c.danger_soft}; border-radius: 10px; }}
*[kind="banner-warning"] {{ background: {c.warning_soft}; border-radius: 10px; }}
*[kind="banner-info"] {{ background: {c.accent_soft}; border-radius: 10px; }}
QFrame[kind="toast"] {{ background: {c.text}; border-radius: 12px; }}
QFrame[kind="toast"] QLabel {{ color: {c.sidebar}; }}
QFrame[kind="find-bar"] {{ border: none; border-bottom: 1px solid {c.border}; }}
QFrame[kind="line"] {{ background: {c.border}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[kind="column-line"] {{ background: {c.border}; border: none; max-width: 1px; min-width: 1px; }}
"""


def _text(c: Colors, px: int) -> str:
    return f"""
QLabel {{ color: {c.text}; background: transparent; }}
QLabel[kind="title"] {{ font-size: {round(px * 1.7)}px; font-weight: 600; }}
QLabel[kind="heading"] {{ font-size: {round(px * 1.08)}px; font-weight: 600; }}
QLabel[kind="muted"] {{ color: {c.muted}; }}
QLabel[kind="caption"] {{ color: {c.faint}; font-size: {round(px * 0.86)}px; }}
QLabel[kind="error"] {{ color: {c.danger}; }}
QLabel[kind="warning"] {{ color: {c.warning}; }}
QLabel[kind="badge"] {{
    color: {c.muted}; background: {c.hover}; border-radius: 8px; padding: 1px 7px; font-size: {round(px * 0.82)}px; }}
QLabel[kind="row-title"] {{ font-weight: 600; }}
QLabel[kind="badge-success"] {{
    color: {c.success}; background: {c.success_soft}; border-radius: 8px; padding: 1px 7px;
    font-size: {round(px * 0.82)}px; }}
QLabel[kind="badge-warning"] {{
    color: {c.warning}; background: {c.warning_soft}; border-radius: 8px; padding: 1px 7px;
    font-size: {round(px * 0.82)}px; }}
"""


def _buttons(c: Colors, px: int) -> str:
    return f"""
QPushButton {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 8px; padding: 6px 14px;
    min-height: {round(px * 1.3)}px; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.pressed}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {c.faint}; background: {c.sidebar}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.pressed}; color: {c.faint}; border-color: {c.pressed}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {c.hover}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {c.accent}; }}
QPushButton[kind="danger"] {{ color: {c.danger}; }}
QPushButton[kind="danger"]:hover {{ background: {c.danger_soft}; }}
QPushButton[kind="chip"] {{
    border-radius: 10px; padding: 3px 11px; min-height: {round(px * 1.2)}px; color: {c.muted}; font-size: {round(px * 0.92)}px; }}
QPushButton[kind="chip"]:hover {{ color: {c.text}; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {c.accent}; padding: 2px 10px; }}
QPushButton, QMenu {{ icon-size: {round(px * 1.15)}px; }}
QToolButton {{ icon-size: {round(px * 1.28)}px; }}
QToolButton[small="true"] {{ icon-size: {round(px * 1.15)}px; }}
QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: 8px; padding: 3px; color: {c.muted}; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {c.pressed}; }}
QToolButton:focus {{ border-color: {c.accent}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[kind="row"] {{ padding: 5px 8px; text-align: left; }}
QToolButton[kind="send"] {{
    background: {c.accent}; border: none; border-radius: 17px; padding: 0;
    min-width: 34px; max-width: 34px; min-height: 34px; max-height: 34px; }}
QToolButton[kind="send"]:hover {{ background: {c.accent_hover}; }}
QToolButton[kind="send"]:focus {{
    border: 2px solid {c.text}; min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px; }}
QToolButton[kind="floating"] {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 12px; padding: 4px; }}
QToolButton[kind="floating"]:hover {{ background: {c.hover}; }}
QPushButton[kind="example"] {{ padding: 4px 12px; color: {c.link}; background: {c.accent_soft}; border-color: transparent; }}
QPushButton[kind="example"]:hover {{ border-color: {c.accent}; }}
QPushButton[kind="example"]:focus {{ border: 2px solid {c.accent}; padding: 3px 11px; }}
QPushButton[kind="caption"] {{
    background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 0 4px; min-height: 0;
    color: {c.faint}; font-size: {round(px * 0.86)}px; }}
QPushButton[kind="caption"]:hover {{ background: {c.hover}; color: {c.muted}; }}
QPushButton[kind="caption"]:focus {{ border-color: {c.accent}; }}
QPushButton[kind="link"] {{
    background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 1px 4px 1px 0;
    min-height: 0; color: {c.link}; }}
QPushButton[kind="link"]:hover {{ background: {c.hover}; }}
QPushButton[kind="link"]:focus {{ border-color: {c.accent}; }}
QPushButton[kind="toast"] {{ background: transparent; border: 2px solid transparent; color: {c.sidebar}; font-weight: 600; }}
QPushButton[kind="toast"]:focus {{ border-color: {c.sidebar}; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[kind="chip"]:checked {{ background: {c.accent_soft}; color: {c.text}; }}
QToolButton[kind="send"]:disabled {{ background: {c.pressed}; }}
"""


def _inputs(c: Colors, px: int) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QKeySequenceEdit QLineEdit {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.control}; border-radius: 8px; padding: 5px 9px;
    selection-background-color: {c.selection}; selection-color: {c.text}; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {{ min-height: {round(px * 1.4)}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {{
    border: 2px solid {c.accent}; padding: 4px 8px; }}
QLineEdit[kind="bare"], QPlainTextEdit[kind="bare"], QTextEdit[kind="bare"], QTextBrowser {{
    border: none; background: transparent; padding: 0; }}
QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; min-height: 0; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox QAbstractItemView {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 8px; outline: none;
    padding: 4px; }}
QComboBox QAbstractItemView::item {{ min-height: {round(px * 1.3)}px; padding: 3px 8px; border-radius: 6px; }}
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {{
    background: {c.accent_soft}; color: {c.text}; }}
QCheckBox, QRadioButton {{ color: {c.text}; spacing: 8px; background: transparent; }}
QSlider:horizontal {{ min-height: 20px; }}
QSlider::groove:horizontal {{ height: 4px; background: {c.pressed}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; background: {c.surface}; border: 2px solid {c.accent}; }}
QSlider::handle:horizontal:focus {{ background: {c.accent}; }}
"""


def _lists(c: Colors, _px: int) -> str:
    return f"""
QListView, QTreeView, QTableView {{ background: transparent; border: none; outline: none; color: {c.text}; }}
QListView::item {{ border-radius: 8px; }}
QListView::item:hover {{ background: {c.hover}; }}
QListView::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QHeaderView::section {{ background: {c.sidebar}; border: none; padding: 4px 8px; color: {c.muted}; }}
QTableView[kind="grid"] {{ gridline-color: {c.border}; selection-background-color: {c.selection}; }}
QTableView[kind="grid"] QHeaderView::section {{
    padding: 4px 3px; border-right: 1px solid {c.border}; border-bottom: 1px solid {c.border}; }}
QMenu {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 8px; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.faint}; }}
QMenu::separator {{ height: 1px; background: {c.border}; margin: 5px 6px; }}
QMenu::icon {{ padding-left: 8px; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; padding: 7px 14px; border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:focus {{ color: {c.link}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.border}; }}
"""


def _rest(c: Colors, px: int) -> str:
    return f"""
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[kind="clear"] {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {c.pressed}; border-radius: 4px; min-height: 32px; margin: 2px 2px 2px 2px; }}
QScrollBar::handle:vertical:hover {{ background: {c.control}; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {c.pressed}; border-radius: 4px; min-width: 32px; margin: 2px; }}
QScrollBar::handle:horizontal:hover {{ background: {c.control}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.pressed}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; color: transparent; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
QProgressBar[kind="resting"]::chunk {{ background: {c.control}; }}
QSplitter::handle {{ background: {c.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QStatusBar {{ background: {c.window}; color: {c.faint}; font-size: {round(px * 0.86)}px; }}
QStatusBar::item {{ border: none; }}
"""


def _choices(c: Colors, px: int) -> str:
    return f"""
QFrame[kind="segments"] {{ background: {c.track}; border-radius: 9px; }}
QPushButton[kind="segment"] {{
    background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 3px 12px; color: {c.muted}; }}
QPushButton[kind="segment"]:hover {{ color: {c.text}; }}
QPushButton[kind="segment"]:checked {{ background: {c.raised}; border-color: {c.edge}; color: {c.text}; }}
QPushButton[kind="segment"]:focus {{ border: 2px solid {c.accent}; padding: 2px 11px; }}
QLabel[kind="keycap"] {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.control}; border-bottom-width: 2px;
    border-radius: 6px; padding: 1px 7px; font-size: {round(px * 0.86)}px; }}
QFrame[kind="drop-mark"] {{ background: {c.accent}; border-radius: 1px; }}
QToolButton[kind="outlined"] {{ background: {c.surface}; border: 1px solid {c.control}; padding: 6px; }}
QToolButton[kind="outlined"]:hover {{ background: {c.hover}; }}
QToolButton[kind="outlined"]:focus {{ border: 2px solid {c.accent}; padding: 5px; }}
QFrame[kind="popup"] {{ background: {c.surface}; border: 1px solid {c.edge}; border-radius: 8px; }}
QLabel[kind="success"] {{ color: {c.success}; }}
QListView[kind="nav"]::item {{ padding: 0 8px; border: 2px solid transparent; }}
QListView[kind="checks"]::item {{ padding: 0; border: 2px solid transparent; }}
QListView[kind="nav"]::item:focus, QListView[kind="checks"]::item:focus {{ border: 2px solid {c.accent}; }}
"""


def _on_dark(_c: Colors, px: int) -> str:
    """The picture viewer is dark in both themes."""
    c = DARK
    return f"""
QLabel[kind="on-dark"] {{ color: {c.text}; font-weight: 600; }}
QLabel[kind="on-dark-muted"] {{ color: {c.muted}; font-size: {round(px * 0.92)}px; }}
QLabel[kind="on-dark-note"] {{
    background: rgba(20, 20, 22, 225); color: {c.text}; border: 1px solid {c.control}; border-radius: 14px;
    padding: 5px 14px; }}
QLabel[kind="on-dark-message"] {{ color: {c.muted}; }}
QToolButton[kind="on-dark"] {{ color: {c.text}; }}
QLineEdit[kind="on-dark"] {{
    background: {c.surface}; color: {c.text}; border-color: {c.control}; selection-background-color: {c.selection};
    selection-color: {c.text}; placeholder-text-color: {c.faint}; }}
QLineEdit[kind="on-dark"]:focus {{ border-color: {c.accent}; }}
QToolButton[kind="on-dark"]:hover {{ background: {c.hover}; }}
QToolButton[kind="on-dark"]:checked {{ background: {c.selection}; color: {c.text}; }}
QPushButton[kind="on-dark"] {{ background: {c.surface}; color: {c.text}; border-color: {c.control}; }}
QPushButton[kind="on-dark"]:hover {{ background: {c.hover}; }}
QPushButton[kind="on-dark"]:disabled {{ color: {c.faint}; border-color: {c.border}; }}
QPushButton[kind="on-dark"]:focus {{ border-color: {c.accent}; }}
QPushButton[kind="on-dark-primary"] {{
    background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600; }}
QPushButton[kind="on-dark-primary"]:hover {{ background: {c.accent_hover}; }}
QPushButton[kind="on-dark-primary"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[kind="on-dark-primary"]:disabled {{
    background: {c.pressed}; color: {c.faint}; border-color: {c.pressed}; }}
QToolButton[kind="on-dark"]:pressed {{ background: {c.pressed}; }}
QToolButton[kind="on-dark"]:focus {{ border-color: {c.accent}; }}
QToolButton[kind="on-dark-round"] {{ background: rgba(45, 45, 49, 200); border-radius: {min(33, px * 22 // 14)}px; }}
QToolButton[kind="on-dark-round"]:hover {{ background: {c.pressed}; }}
QToolButton[kind="on-dark-round"]:focus {{ border-color: {c.accent}; }}
QToolButton[kind="on-dark-round"]:disabled {{ background: rgba(36, 36, 39, 120); }}
"""
