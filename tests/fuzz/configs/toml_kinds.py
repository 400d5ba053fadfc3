"""Damaged TOML: settings, quick actions, the catalogue."""

from __future__ import annotations

import copy
import dataclasses
import random
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomlkit

from desktop_vlm.api.errors import one_line
from desktop_vlm.api.fields import settings_of
from desktop_vlm.models.catalogue import parse_catalogue
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from desktop_vlm.quick_actions.store import QuickActionStore
from desktop_vlm.settings.declarations import Settings, sections
from desktop_vlm.settings.store import SettingsStore
from tests.fuzz.harness import Outcome
from tests.fuzz.places import disturb, remove
from tests.fuzz.values import change, places

RAW = (
    "nan", "inf", "-inf", "1e999", "9" * 5000, "0x" + "f" * 5000, '"\\ud800"', '"\\u0000"', "'''a\nb'''",
    '"""\\\n"""', "[1,",
    "{a = 1, a = 2}", "1979-05-27T07:32:00Z", "07:32:00", "2024-13-45", "{}", "[]", "[[[[]]]]", "'", '"', "tru",
    "1_000",
    "[" * 3000 + "]" * 3000, "[" * 60 + "]" * 60, "{a=" * 200 + "1" + "}" * 200, "+1", "-0", "0.0.0", "1 2", "\x00",
    "\x07",
    "a.b", "a = 1", '"""', "[" + "1," * 4000 + "]", "{" + ",".join(f"a{i}=1" for i in range(4000)) + "}",
)  # fmt: skip
LINES = (
    "[", "]", "[[x]]", "[model]", "[model]", "[own]", "[own.a.b]", "[[own]]", "own = 1", "model = 3", "a.b.c = 1",
    "= 1",
    '"" = 1', "'a b' = 2", "[a.b]\nc = 1\n[a]\nb = 2", "\r", "\r\n", "# x", "#\x00", "\ufeff", "x" * 70_000,
    "[x]\n" * 3000,
    "\n" * 12_000, "a" + ".a" * 200 + " = 1", "[a" + ".a" * 200 + "]", "order = 1", 'hidden = ["a", 1]', "[appearance",
)  # fmt: skip


def damaged(text: str, rng: random.Random, more: Sequence[Any] = ()) -> tuple[str, str]:
    """Another text, and what was done."""
    content = tomlkit.parse(text).unwrap()
    said = [change(rng, content, more) for _ in range(rng.choice((1, 1, 2, 5)))]
    try:
        made = tomlkit.dumps(_without_nulls(content))
    except Exception as error:  # noqa: BLE001 - not everything can be said in TOML
        made, said = text, [f"not TOML: {type(error).__name__}"]
    if rng.random() < 0.3:
        lines = made.split("\n")
        at = rng.randrange(len(lines))
        key, _, value = lines[at].partition(" = ")
        if value and rng.random() < 0.7:
            raw = rng.choice(RAW)
            lines[at] = f"{key} = {raw}"
            said.append(f"{key} = {raw[:30]!r}")
        else:
            line = rng.choice(LINES)
            lines.insert(at, line)
            said.append(f"line {line[:30]!r}")
        made = "\n".join(lines)
    return made, ", ".join(said)


def _without_nulls(content: Any) -> Any:
    content = copy.deepcopy(content)
    for container, key in places(content, 10**6):
        if container[key] is None:
            container[key] = "null"
    return content


class TomlFileKind:
    """Damaged copies of one file of TOML; see `harness.Kind`."""

    name = ""
    done = ""
    more: tuple[Any, ...] = ()

    def __init__(self) -> None:
        self._text = self.example()

    def example(self) -> str:
        """A whole file's text."""
        raise NotImplementedError

    def use(self, path: Path, rng: random.Random, /) -> Outcome:
        """Read it, change something, read it again."""
        raise NotImplementedError

    def prepare(self, folder: Path) -> None:
        (folder / "first").mkdir(exist_ok=True)

    def trial(self, seed: int, folder: Path) -> Outcome:
        rng = random.Random(f"{self.name} {seed}")
        work = folder / "work"
        remove(work)
        work.mkdir()
        path = work / f"{self.name}.toml"
        text, done = damaged(self._text, rng, self.more)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        if rng.random() < 0.15:
            done += f", {disturb(path, rng)}"
        self.done = done
        outcome = self.use(path, rng)
        return dataclasses.replace(outcome, done=done)

    def judge(self, sentence: str) -> str:
        return "" if self.name in sentence else "it does not name the file"


def _problems(sentences: Sequence[str], path: Path) -> str:
    """What is wrong with sentences that the window shows."""
    for one in sentences:
        if one_line(one) != one or not one.endswith((".", "?")) or len(one) > 900:
            return f"no sentence: {one!r}"
        if str(path) not in one and ".broken" not in one:
            return f"no file: {one!r}"
    return ""


class SettingsFiles(TomlFileKind):
    """settings.toml."""

    name = "settings"

    def example(self) -> str:
        document = tomlkit.document()
        for name, kind in sections():
            table = tomlkit.table()
            for one in settings_of(kind):
                table[one.name] = one.rule.write(one.default)
            document[name] = table
        return tomlkit.dumps(document)

    def use(self, path: Path, rng: random.Random, /) -> Outcome:
        store = SettingsStore(path)
        if wrong := _problems(store.problems, path) or _not_allowed(store.current):
            return Outcome("damage", wrong)
        name, kind = rng.choice(list(sections()))
        one = rng.choice(list(settings_of(kind)))
        before = getattr(store.current, name)
        store.update(name, **{one.name: one.rule.read(one.rule.write(one.default))})
        again = SettingsStore(path)
        expected = dataclasses.replace(before, **{one.name: one.default})
        if getattr(again.current, name) != expected:
            return Outcome("damage", f"{name}: {getattr(again.current, name)} after a change, not {expected}")
        return Outcome("refused" if store.problems else "accepted", (store.problems or [f"{self.name}."])[0])


def _not_allowed(settings: Settings) -> str:
    for name, kind in sections():
        for one in settings_of(kind):
            value = getattr(getattr(settings, name), one.name)
            try:
                same = one.rule.read(one.rule.write(value)) == value
            except ValueError:
                same = False
            if not same:
                return f"{name}.{one.name} is {value!r}"
    return ""


_OWN = """
order = ["extract-text", "describe"]
hidden = ["explain-chart"]

[changed.describe]
prompt = "Describe it in one sentence."
shortcut = "Ctrl+9"

[own.translate]
name = "Translate"
icon = "languages"
prompt = "Translate it into French."
sampling = {temperature = 0.2, top_k = 40}
json_schema = '{"type": "object", "properties": {"a": {"type": "string"}}}'
latex_only = false
note = "French only."

[own.second]
name = "Second"
prompt = "Say two."
sends_prompt = false
reads = "text"
"""


class Actions(TomlFileKind):
    """quick-actions.toml."""

    name = "quick-actions"
    more = ("text", "judges_safety", '{"type": "object"}', '{"type": 3}', "[" * 100, "{}", "describe", "translate")

    def example(self) -> str:
        return _OWN.lstrip()

    def use(self, path: Path, rng: random.Random, /) -> Outcome:
        store = QuickActionStore(path)
        if wrong := _problems(store.problems, path) or _odd_actions(store):
            return Outcome("damage", wrong)
        problems = list(store.problems)
        before = [action.id for action in store.all]
        one = rng.choice(store.all)
        way = rng.randrange(5)
        if way == 0:
            store.change(dataclasses.replace(one, name="Another", prompt="Say it."))
        elif way == 1:
            before.insert(before.index(one.id) + 1, store.add(dataclasses.replace(one, name="New"), one.id).id)
        elif way == 2:
            store.hide(one.id, one.id not in store.hidden)
        elif way == 3:
            before.remove(one.id)
            index = rng.randrange(len(before) + 1)
            before.insert(index, one.id)
            store.move(one.id, index)
        else:
            store.reset_all()
            before = [action.id for action in store.all]
        again = QuickActionStore(path)
        if [action.id for action in again.all] != before or again.hidden != store.hidden or _odd_actions(again):
            return Outcome("damage", f"{[action.id for action in again.all]} after change {way}, not {before}")
        return Outcome("refused" if problems else "accepted", (problems or [f"{self.name}."])[0])


def _odd_actions(store: QuickActionStore) -> str:
    ids = [action.id for action in store.all]
    missing = [action.id for action in BUILTIN_ACTIONS if action.id not in ids]
    if missing or len(set(ids)) != len(ids):
        return f"built-in actions are gone or twice: {ids}"
    return next((f"{one.id} is empty" for one in store.all if not one.name.strip() or not one.prompt.strip()), "")


class Catalogues(TomlFileKind):
    """catalogue.toml."""

    name = "catalogue"
    more = ("pair", "checkpoint", "../x/y", "a/b", "file:///etc/passwd", "https://x y", "../../x.gguf")

    def example(self) -> str:
        text = files("desktop_vlm.models").joinpath("catalogue.toml").read_text(encoding="utf-8")
        content = tomlkit.parse(text).unwrap()
        return tomlkit.dumps({"model": [*content["model"][:2], content["model"][-1]]})

    def use(self, path: Path, _rng: random.Random, /) -> Outcome:
        try:
            text = path.read_text(encoding="utf-8") if path.is_file() and path.stat().st_size < 1 << 20 else ""
        except (OSError, UnicodeError):
            text = ""
        models = parse_catalogue(text)
        for one in models:
            kinds = one.types[0]
            total = one.downloaded(kinds) + one.peak(kinds)
            if (
                not isinstance(total, int)
                or total < 0
                or ".." in one.repo
                or not one.licence_url.startswith("https://")
            ):
                return Outcome("damage", repr(one))
        return Outcome("accepted")
