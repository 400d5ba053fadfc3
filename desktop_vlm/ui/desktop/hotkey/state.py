"""What there is to say about a global hotkey: who may press what, and whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from desktop_vlm.ui.desktop.hotkey.keys import shown


class HotkeyAction(StrEnum):
    """What a hotkey does: capture and ask, copy the text of a part of the screen, show and hide the window."""

    CAPTURE = "capture"
    COPY_TEXT = "copy-text"
    TOGGLE = "toggle"


class HotkeyStatus(StrEnum):
    """Whether pressing the keys does anything."""

    ACTIVE = "active"
    TAKEN = "taken"
    UNSET = "unset"
    ASK_DESKTOP = "ask-desktop"
    UNAVAILABLE = "unavailable"


class Reason(StrEnum):
    """Why a hotkey is not active, as far as the status alone does not say it."""

    NONE = ""
    STARTING = "starting"
    OTHER_ACTION = "other-action"
    NO_SUCH_KEY = "no-such-key"
    NOT_GLOBAL = "not-global"
    NO_SCREEN = "no-screen"
    CONNECTION_LOST = "connection-lost"
    NO_PACKAGE = "no-package"
    NO_PORTAL = "no-portal"
    NO_ANSWER = "no-answer"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    CLOSED = "closed"
    NO_KEYS_YET = "no-keys-yet"
    KEPT = "kept"


@dataclass(frozen=True)
class Binding:
    """What a backend reports of one hotkey.

    Attributes:
        keys: the active ones, where the desktop chose others than were asked for; else "".
        can_configure: the desktop has a dialog of its own for it (`HotkeyBackend.configure`).
    """

    status: HotkeyStatus
    reason: Reason = Reason.NONE
    keys: str = ""
    can_configure: bool = False


@dataclass(frozen=True)
class HotkeyState:
    """One hotkey, to be shown.

    Attributes:
        keys: Qt's portable text, or the desktop's own words for them where it chose them; "" for none.
        sentence: plain words for settings and tray.
        command: does the same as the hotkey; for the desktop's own shortcut settings. "" where it is not needed.
        can_change: choosing other keys here would make a difference.
        can_configure: the keys are changed in a dialog of the desktop (`HotkeyService.configure`).
        is_starting: what becomes of the keys is not known yet.
    """

    action: HotkeyAction
    keys: str
    status: HotkeyStatus
    sentence: str
    command: str = ""
    can_change: bool = True
    can_configure: bool = False
    is_starting: bool = False

    @property
    def unbroken_sentence(self) -> str:
        """The sentence for text that wraps: lines do not end within an option of the command."""
        return (
            self.sentence.replace(self.command, self.command.replace("-", "-\u2060")) if self.command else self.sentence
        )

    @property
    def active_keys(self) -> str:
        """The keys if pressing them does something, else ""."""
        return self.keys if self.status is HotkeyStatus.ACTIVE else ""


COMMANDS: Mapping[HotkeyAction, str] = {
    HotkeyAction.CAPTURE: "desktop-vlm --capture",
    HotkeyAction.COPY_TEXT: "desktop-vlm --copy-text",
    HotkeyAction.TOGGLE: "desktop-vlm --toggle",
}

SETTINGS: Mapping[HotkeyAction, str] = {
    HotkeyAction.CAPTURE: "capture_keys",
    HotkeyAction.COPY_TEXT: "copy_text_keys",
    HotkeyAction.TOGGLE: "toggle_keys",
}
"""Which of the settings of the section `desktop` holds the keys of each action."""


def action_label(action: HotkeyAction) -> str:
    """What the hotkey does, in a few words."""
    return {
        HotkeyAction.CAPTURE: _tr("Capture and ask"),
        HotkeyAction.COPY_TEXT: _tr("Copy text from the screen"),
        HotkeyAction.TOGGLE: _tr("Show or hide the window"),
    }[action]


def state_of(action: HotkeyAction, keys: str, binding: Binding) -> HotkeyState:
    """Put what is known into words.

    Args:
        action: of the hotkey.
        keys: that were asked for.
        binding: what became of it.
    """
    active = binding.keys or keys
    command = COMMANDS[action] if binding.status is HotkeyStatus.ASK_DESKTOP else ""
    sentence = _sentence(binding).format(keys=shown(active), command=command)
    can_change = binding.reason is not Reason.NO_PORTAL
    is_starting = binding.reason is Reason.STARTING
    return HotkeyState(
        action, active, binding.status, sentence, command, can_change, binding.can_configure, is_starting
    )


def _sentence(binding: Binding) -> str:
    by_reason = {
        Reason.STARTING: _tr("{keys}: being set up"),
        Reason.OTHER_ACTION: _tr("{keys}: used for something else here; choose others"),
        Reason.NO_SUCH_KEY: _tr("{keys}: this keyboard has no such key; choose others"),
        Reason.NOT_GLOBAL: _tr("{keys}: cannot be used everywhere; choose others"),
        Reason.NO_SCREEN: _tr("{keys}: not available here"),
        Reason.CONNECTION_LOST: _tr("{keys}: the connection to the screen was lost; restart Desktop VLM"),
        Reason.NO_PACKAGE: _tr("{keys}: needs the package quickmachotkey; install it and restart Desktop VLM"),
        Reason.NO_PORTAL: _tr("Your desktop asks you to bind it in its own shortcut settings; command: {command}"),
        Reason.NO_ANSWER: _tr(
            "{keys}: your desktop gave no answer. Bind it in its shortcut settings; command: {command}"
        ),
        Reason.CANCELLED: _tr(
            "{keys}: not allowed. Change it to be asked again, or bind it in your desktop's shortcut settings; "
            "command: {command}"
        ),
        Reason.REFUSED: _tr("{keys}: your desktop refused. Bind it in its shortcut settings; command: {command}"),
        Reason.CLOSED: _tr(
            "{keys}: switched off by your desktop. Bind it in its shortcut settings; command: {command}"
        ),
        Reason.NO_KEYS_YET: _tr(
            "Your desktop has set no keys for it. Set them in its shortcut settings; or bind {command}"
        ),
        Reason.KEPT: _tr("{keys}: active. Your desktop keeps these keys; change them in its shortcut settings"),
    }
    by_status = {
        HotkeyStatus.ACTIVE: _tr("{keys}: active"),
        HotkeyStatus.TAKEN: _tr("{keys}: taken by another program; choose others"),
        HotkeyStatus.UNSET: _tr("No keys set"),
        HotkeyStatus.ASK_DESKTOP: by_reason[Reason.NO_PORTAL],
        HotkeyStatus.UNAVAILABLE: by_reason[Reason.NO_SCREEN],
    }
    return by_reason.get(binding.reason) or by_status[binding.status]


def _tr(text: str) -> str:
    return QCoreApplication.translate("hotkey", text)
