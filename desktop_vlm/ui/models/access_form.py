"""How to get access to a gated model: accept its licence, then enter a token. The token is never shown again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_vlm.ui.models.parts import Icons, line_of, push_button
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label

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
        self.state = text_label("", "caption")
        self._lay_out(accept, make)
        self.show_token(is_kept=False)

    def show_token(self, *, is_kept: bool) -> None:
        """Say whether a token is kept; the token itself is not known here."""
        self.state.setText(
            self.tr("A token is kept in this computer's keyring.")
            if is_kept
            else self.tr("It is kept in this computer's keyring, and shown nowhere.")
        )
        self.forget.setVisible(is_kept)
        self.field.setPlaceholderText(self.tr("Paste another token") if is_kept else self.tr("Paste the token: hf_…"))

    def _lay_out(self, accept: QWidget, make: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(text_label(self.tr("This model wants an account at the hub. Once:")))
        column.addWidget(line_of(accept))
        column.addWidget(line_of(make))
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.save)
        column.addLayout(entry)
        state = QHBoxLayout()
        state.addWidget(self.state, 1)
        state.addWidget(self.forget)
        column.addLayout(state)

    def _link(self, icons: Icons, text: str, url: str) -> QWidget:
        button = push_button(f" {text}", text, lambda: self.link_requested.emit(url), "link")
        icons.put(button, "external-link", "link")
        return button

    def _enter(self) -> None:
        token = self.field.text().strip()
        self.field.clear()
        if token:
            self.token_entered.emit(token)
