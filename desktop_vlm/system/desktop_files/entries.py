"""The desktop entries: the one in the menu, and the one that starts the program at login.

Format: Desktop Entry Specification 1.4; nothing of 1.5, which validators of today's distributions refuse.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.program import window_command

NAME = "Desktop VLM"
SUMMARY = "Ask about what is on your screen, offline"
MIME_TYPES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/jxl",
    "image/svg+xml",
    "image/vnd.microsoft.icon",
    "image/x-portable-anymap",
    "image/x-portable-bitmap",
    "image/x-portable-graymap",
    "image/x-portable-pixmap",
    "application/pdf",
)
KEYWORDS = ("screenshot", "picture", "image", "vision", "OCR", "ask", "chat", "AI", "LLM")

WINDOW_CLASS = "desktop-vlm"
"""Class of our windows on X11, which Qt takes from the application's name; panels know by it whose window it is."""

_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Characters for which the specification wants an argument in quotes."""


def menu_entry(program: Sequence[str]) -> str:
    """The entry of the menu, with its actions, and the files that it can open."""
    return _text(
        {
            "Desktop Entry": {
                **_basics(),
                "GenericName": "Screenshot Assistant",
                "Exec": f"{exec_line(window_command(program=program))} %F",
                "Categories": _list(["Utility"]),
                "Keywords": _list(KEYWORDS),
                "MimeType": _list(MIME_TYPES),
                "StartupNotify": "true",
                "StartupWMClass": WINDOW_CLASS,
                "Actions": _list(["capture", "copy-text", "show"]),
            },
            "Desktop Action capture": {
                "Name": "Capture and Ask",
                "Exec": exec_line(window_command("--capture", program=program)),
            },
            "Desktop Action copy-text": {
                "Name": "Copy Text from the Screen",
                "Exec": exec_line(window_command("--copy-text", program=program)),
            },
            "Desktop Action show": {
                "Name": "Show the Window",
                "Exec": exec_line(window_command("--show", program=program)),
            },
        }
    )


def login_entry(program: Sequence[str]) -> str:
    """The entry that starts the program at login, without showing its window."""
    return _text(
        {
            "Desktop Entry": {
                **_basics(),
                "Exec": exec_line(window_command("--hidden", program=program)),
                "StartupNotify": "false",
                "X-GNOME-Autostart-enabled": "true",
            }
        }
    )


def exec_line(words: Sequence[str]) -> str:
    """Words as a value of `Exec`: quoted where needed, and escaped once more as every value is."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    word = word.replace("%", "%%")
    if word and not _RESERVED & set(word):
        return word
    for character in '\\"`$':
        word = word.replace(character, f"\\{character}")
    return '"' + word.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") + '"'


def _basics() -> dict[str, str]:
    return {
        "Type": "Application",
        "Version": "1.4",
        "Name": NAME,
        "Comment": SUMMARY,
        "Icon": APPLICATION_ID,
        "Terminal": "false",
    }


def _list(items: Sequence[str]) -> str:
    return "".join(f"{item};" for item in items)


def _text(groups: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        "".join([f"[{name}]\n", *(f"{key}={value}\n" for key, value in group.items())])
        for name, group in groups.items()
    )
