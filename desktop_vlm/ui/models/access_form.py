"""How to get access to a gated model: accept its licence, then enter a token. The token is never shown again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_vlm.ui.models.parts import Icons, line_of, push_button, set_shown
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_TOKENS = "/settings/tokens"


class AccessForm(QWidget):
    """Steps with links, and a field whose content goes out once and is forgotten.

    Signals:
        link_requested(str): a page shall be opened in the browser.
        token_entered(str): keep this token; "" removes the one that is kept.
    """

    link_requested = Signal(str)
    token_entered = Signal(str)

    def __init__(self, theme: Theme, page_url: str) -> None:
        """`page_url` is the model's page on the hub, where its licence is accepted."""
        super().__init__()
        icons = Icons(theme, self)
        hub = "/".join(page_url.split("/")[:3])
        accept = self._link(icons, self.tr("Accept the licence on the model's page"), page_url)
        make = self._link(icons, self.tr("Make a token that may read"), hub + _TOKENS)
        self.field = QLineEdit()
        use_text_menu(self.field)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Paste the token: hf_…"))
        self.field.setAccessibleName(self.tr("Token for the hub"))
        self.field.returnPressed.connect(self._enter)
        self.save = push_button(self.tr("Save the token"), self.tr("Save the token"), self._enter)
        self.save.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.forget = push_button(
            self.tr("Remove the token"), self.tr("Remove the token"), lambda: self.token_entered.emit(""), "quiet"
        )
        self.other = push_button(
            self.tr("Use another token"), self.tr("Use another token"), self.ask_for_token, "quiet"
        )
        self.state = text_label("", "caption")
        self._is_kept = False
        self._is_asked = False
        self._steps = self._make_steps(accept, make)
        self._lay_out()
        self.show_token(is_kept=False)

    def show_token(self, *, is_kept: bool) -> None:
        """Say whether a token is kept; the token itself is not known here."""
        self._is_asked = self._is_asked and is_kept == self._is_kept
        self._is_kept = is_kept
        self.state.setText(
            self.tr("A token is kept in this computer's keyring.")
            if is_kept
            else self.tr("It is kept in this computer's keyring, and shown nowhere.")
        )
        set_shown(self._steps, not is_kept or self._is_asked)
        set_shown(self.other, is_kept and not self._is_asked)
        set_shown(self.forget, is_kept)

    def ask_for_token(self) -> None:
        """Let the person enter a token, also where one is kept already."""
        self._is_asked = True
        self.show_token(is_kept=self._is_kept)
        self.field.setFocus()

    def _make_steps(self, accept: QWidget, make: QWidget) -> QWidget:
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(text_label(self.tr("This model needs an account at the hub. Do this once:")))
        column.addWidget(line_of(accept))
        column.addWidget(line_of(make))
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.save)
        column.addLayout(entry)
        return steps

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._steps)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self.state, 1)
        state.addWidget(self.other)
        state.addWidget(self.forget)
        column.addLayout(state)

    def _link(self, icons: Icons, text: str, url: str) -> QWidget:
        button = push_button(f" {text}", text, lambda: self.link_requested.emit(url), "link")
        icons.put(button, "external-link", "link")
        return button

    def _enter(self) -> None:
        token = self.field.text().strip()
        self.field.clear()
        self._is_asked = False
        if token:
            self.token_entered.emit(token)
