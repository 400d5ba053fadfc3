"""Settings in code: files of keys and values in an editor, in the forms that such files have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from training.screens.page import mixed
from training.screens.panes.control_phrasings import (
    CURSOR_COLUMN,
    CURSOR_LINE,
    KEYS_COUNT,
    KEYS_IN,
    KINDS_JSON,
    SECTIONS,
    SETTING,
    SETTING_IN,
    SETTING_OF,
)
from training.screens.panes.frame import Frame
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_KEYS = ("port", "host", "user", "timeout", "debug", "level", "path", "name", "width", "height", "theme", "language",
         "color", "font_size", "retries", "max_size", "interval", "enabled", "mode", "format", "encoding", "cache",
         "log",
         "verbose", "url", "email", "version", "threads", "depth", "scale", "speed", "volume", "autosave", "tab_size",
         "line_length", "prefix", "suffix", "limit", "delay", "margin", "columns", "backup", "editor", "shell",
         "branch", "license", "target", "strict", "region", "bucket", "token", "proxy", "workers", "memory",
         "buffer", "gain", "rate", "bits", "channels", "margin_left", "show_hidden", "sort_by")  # fmt: skip
_PARTS = (
    "server",
    "client",
    "window",
    "editor",
    "paths",
    "network",
    "user",
    "log",
    "cache",
    "database",
    "colors",
    "font",
    "build",
    "audio",
    "video",
    "display",
    "input",
    "mail",
    "backup",
    "general",
    "tool",
    "core",
    "alias",
    "proxy",
)
_FORMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ini": ("{k}{e}{v}", "[{p}]", (".ini", ".conf", ".cfg", ".desktop")),
    "toml": ("{k} = {q}", "[{p}]", (".toml",)),
    "env": ("{K}={v}", "", (".env", ".sh", ".conf")),
    "yaml": ("{i}{k}: {v}", "{p}:", (".yaml", ".yml")),
    "json": ('    "{k}": {q},', "", (".json",)),
    "python": ("{K} = {q}", "", (".py",)),
    "define": ("#define {K} {q}", "", (".h",)),
    "const": ("const {k} = {q};", "", (".js", ".ts")),
    "set": ("set {k} {v}", "", (".rc", ".conf", ".tcl")),
    "properties": ("{p}.{k}={v}", "", (".properties",)),
    "css": ("    {c}: {v};", "{p} {{", (".css",)),
    "sysctl": ("{p}.{k} = {v}", "", (".conf",)),
}  # fmt: skip
"""By kind of file: a line, the head of a part, endings of names."""
_REMARKS = {"python": "# ", "yaml": "# ", "toml": "# ", "env": "# ", "ini": "; ", "define": "// ", "const": "// "}


@dataclass
class Line:
    """One line as shown; `key` and `value` are empty for others than settings."""

    text: str
    part: str = ""
    key: str = ""
    value: str = ""


def draw_config_file(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor that shows settings, perhaps with line numbers and a status bar that says where the cursor is."""
    dark = rng.random() < 0.45
    grounds = rng.choice(
        (((30, 30, 30), (212, 212, 212)), ((40, 44, 52), (171, 178, 191)), ((0, 43, 54), (147, 161, 161)))
    )
    frame = Frame(rng, writer, style, width, height, rng.choice(("text editor", "code editor")),
                  grounds=grounds if dark else None)  # fmt: skip
    kind = rng.choice(list(_FORMS))
    name = rng.choice((writer.slot("noun"), "settings", "config", frame.app.lower().split()[0])) + rng.choice(
        _FORMS[kind][2]
    )
    frame.title(name, "file")
    frame.menus(0.6)
    frame.tools((), 0.3)
    lines = [line for line in _lines(rng, writer, kind) if frame.mono.width(line.text) < frame.wide * 0.8]
    at = (rng.randint(1, len(lines)), rng.randint(1, 60))
    if rng.random() < 0.65:
        _where(frame, at, len(lines))
    if rng.random() < 0.4:
        frame.tabs(list(dict.fromkeys((name, *(writer.file() for _ in range(rng.randint(0, 3)))))), name)
    shown = _draw(frame, lines)
    _ask(frame, shown, kind, whole=len(shown) == len(lines))
    return frame.done("config", f"showing {name}, a file of settings.")


def _lines(rng: Random, writer: Writer, kind: str) -> list[Line]:
    form, head, _ = _FORMS[kind]
    even = rng.choice((" = ", "=", "="))
    keys = list(_KEYS)
    parts = rng.sample(_PARTS, rng.randint(2, 4)) if head or "{p}" in form else [""]
    lines = [Line("{")] if kind == "json" else []
    if kind in _REMARKS and rng.random() < 0.5:
        lines.append(Line(_REMARKS[kind] + writer.sentence(3, 7)))
    for part in parts:
        if head:
            lines.append(Line(head.format(p=part), part))
        for key in rng.sample(keys, rng.randint(2, 6) if head else rng.randint(3, 12)):
            value, quoted = _value(rng, writer)
            if kind in {"set", "css", "yaml"} and not quoted and rng.random() < 0.3:
                value = value.lower()
            text = form.format(k=key, K=key.upper(), c=key.replace("_", "-"), e=even, i="  ", p=part, v=value,
                               q=f'"{value}"' if quoted else value)  # fmt: skip
            said = key.upper() if "{K}" in form else key.replace("_", "-") if "{c}" in form else key
            said = f"{part}.{key}" if "{p}." in form else said
            lines.append(Line(text, part, said, value))
            if rng.random() < 0.08 and kind in _REMARKS:
                other = text.replace(value, _value(rng, writer)[0])
                lines.append(Line(_REMARKS[kind] + (other if other != text else writer.words(2, 4)), part))
        if kind == "css":
            lines.append(Line("}"))
        if head and kind != "yaml":
            lines.append(Line(""))
    while not lines[-1].text:
        lines.pop()
    return [*lines, Line("}")] if kind == "json" else lines


def _value(rng: Random, writer: Writer) -> tuple[str, bool]:
    """A value, and whether it is quoted where texts are."""
    draw = rng.random()
    if draw < 0.35:
        return rng.choice(
            (str(rng.randrange(10 ** rng.randint(1, 5))), f"{rng.randrange(100)}.{rng.randrange(10)}")
        ), False
    if draw < 0.5:
        return rng.choice(("true", "false")), False
    made = (
        writer.word,
        writer.word,
        writer.host,
        writer.path,
        writer.version,
        writer.email,
        writer.file,
        lambda: rng.choice(("utf-8", "dark", "light", "auto", "none", "info", "#3584e4", "#202020", "en_US", "1h")),
    )
    return rng.choice(made)(), True


def _draw(frame: Frame, lines: Sequence[Line]) -> list[Line]:
    """Those that fit, in fixed-width type."""
    rng = frame.rng
    pitch = round(frame.mono.line * rng.uniform(1.05, 1.4))
    numbered = rng.random() < 0.5
    left = frame.left + frame.gap + (frame.mono.width("000 ") if numbered else 0)
    key_ink, faint = _key_ink(frame), mixed(frame.ink, frame.ground, 0.55)
    shown: list[Line] = []
    frame.top += frame.gap / 2
    for number, line in enumerate(lines, 1):
        if frame.top + pitch > frame.bottom or left + frame.mono.width(line.text) > frame.right:
            break
        if numbered:
            frame.put(left - frame.mono.width(f"{number} "), frame.top, str(number), frame.mono, faint, pitch)
        cut = line.text.find(line.key.split(".")[-1]) + len(line.key.split(".")[-1]) if line.key else 0
        if line.text:
            x = frame.put(left, frame.top, line.text[:cut], frame.mono, key_ink, pitch) if cut else left
            remark = not line.key and line.text.lstrip()[:1] in "#;/" and len(line.text) > 1
            frame.put(x, frame.top, line.text[cut:], frame.mono, faint if remark else frame.ink, pitch)
        frame.top += pitch
        shown.append(line)
    return shown


def _key_ink(frame: Frame) -> Colour:
    dark = sum(frame.ground) < 380
    return frame.rng.choice(
        (frame.ink, *(((86, 156, 214), (229, 192, 123)) if dark else ((0, 60, 160), (140, 20, 60))))
    )


def _where(frame: Frame, at: tuple[int, int], count: int) -> None:
    """A status bar that says where the cursor is, in one of the forms that editors have."""
    rng = frame.rng
    form = rng.choice(
        (
            "Ln {l}, Col {c}",
            "Line {l}, Column {c}",
            "{l}:{c}",
            "Ln: {l}  Col: {c}",
            "L{l} C{c}",
            "{l},{c}",
            "Line: {l}  Col: {c}",
            "line {l} of {n}, col {c}",
            "Ln {l} / {n}  Col {c}",
            "row {l} col {c}",
        )
    )
    parts = [form.format(l=at[0], c=at[1], n=count), *rng.sample(("UTF-8", "INS", "Unix (LF)", "Plain Text", "Tab: 4",
                                                                  "Spaces: 4", "100%", "OVR"),
                                                                  rng.randint(0, 3))]  # fmt: skip
    rng.shuffle(parts)
    if len(frame.status(parts)) == len(parts):
        frame.say_phrase("how_many", str(at[0]), CURSOR_LINE)
        frame.say_phrase("how_many", str(at[1]), CURSOR_COLUMN)
        if "{n}" in form:
            frame.ask("how_many", str(count), "How many lines does the file have?", "How many lines are there in all?",
                      "Of how many lines is it?", "Number of lines according to the status bar?",
                      "How many lines does the status bar count?", "How long is the file, in lines?",
                      "What is the total number of lines?", "Lines in the file?")  # fmt: skip


def _ask(frame: Frame, lines: Sequence[Line], kind: str, *, whole: bool) -> None:
    rng, head = frame.rng, bool(_FORMS[kind][1])
    kept = [line for line in lines if line.key and not set(line.value) & set("{}")]
    keys, values = [line.key for line in kept], [line.value for line in kept]
    for line in rng.sample(kept, min(6, len(kept))):
        if keys.count(line.key) == 1 and (not head or rng.random() < 0.6):
            frame.say_phrase("value", line.value, SETTING, key=line.key)
        elif head:
            frame.say_phrase("value", line.value, SETTING_IN, key=line.key, part=line.part)
        if values.count(line.value) == 1 and keys.count(line.key) == 1 and rng.random() < 0.5:
            frame.say_phrase("value", line.key, SETTING_OF, value=line.value)
    parts = list(dict.fromkeys(line.part for line in kept if line.part)) if head else []
    for part in parts[: None if whole else -1]:
        names = [line.key for line in kept if line.part == part]
        if len(names) == sum(bool(line.key) for line in lines if line.part == part) and rng.random() < 0.6:
            frame.say_phrase("list", ", ".join(names), KEYS_IN, part=part)
            frame.say_phrase("how_many", str(len(names)), KEYS_COUNT, part=part)
    if parts and whole:
        frame.say_phrase("list", ", ".join(parts), SECTIONS)
    _ask_json(frame, [line for line in kept if keys.count(line.key) == 1])


def _ask_json(frame: Frame, kept: Sequence[Line]) -> None:
    if len(kept) > 1:
        chosen = frame.rng.sample(kept, frame.rng.randint(2, min(4, len(kept))))
        pairs = [f'"{line.key}": "{line.value}"' for line in chosen]
        schema = "{" + ", ".join(f'"{line.key}": string' for line in chosen) + "}"
        if not any(set(line.value) & set('"\\') for line in chosen):
            phrasings = [one for one in KINDS_JSON if "dialog" not in one]
            frame.say_phrase("json", "{" + ", ".join(pairs) + "}", phrasings, schema=schema)
