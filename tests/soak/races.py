"""Two and more programs at once over the same history, settings, library and place of the single instance."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from desktop_vlm.api.library import Origin
from desktop_vlm.history import History
from desktop_vlm.models.library import ModelsFolder, installed, slug
from desktop_vlm.models.record import FileRecord, Record
from desktop_vlm.settings import SettingsStore
from tests.soak.report import Report, soak

_SETTINGS = (("answers", "max_tokens", 100), ("appearance", "text_px", 12))


@soak
def racing(folder: Path, short: bool) -> Report:
    """Programs that write history, settings and library for some seconds, all at once and to the same places."""
    n_programs, seconds = (2, 0.4) if short else (4, 8.0)
    report = Report()
    with tempfile.TemporaryDirectory(prefix="dvlm-") as runtime:  # short: it holds a socket
        environment = {**os.environ, "XDG_RUNTIME_DIR": runtime, "DESKTOP_VLM_HOME": str(folder)}
        Path(runtime).chmod(0o700)
        programs = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.soak.races", str(folder), str(number), str(seconds)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(n_programs)
        ]
        claims = [program.stdout.readline().strip() for program in programs if program.stdout]
        for program in programs:  # all have started, and go at once
            assert program.stdin
            program.stdin.write("go\n")
            program.stdin.flush()
        said = [program.communicate(timeout=seconds + 120) for program in programs]
    counts: Counter[str] = Counter(claims)
    for (out, err), program in zip(said, programs, strict=True):
        counts.update(word for word in out.split() if word)
        report.expect(program.returncode == 0 and "Traceback" not in err, err[-600:])
    report.figures["done"] = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    report.expect(counts["first"] == 1, f"{counts['first']} programs think that they are the only one")
    with History(folder / "history.db") as history:
        kept = sum(len(history.all_messages(one.id)) for one in history.conversations())
        report.expect(kept == counts["message"], f"{counts['message']} messages were acknowledged, {kept} are there")
    store = SettingsStore(folder / "settings.toml")
    report.expect(store.problems == [], f"{store.problems}")
    entries = ModelsFolder(folder / "models").entries()
    report.figures["library"] = f"{len(entries)} models"
    report.expect(all(installed(entry, {}).problem == "" for entry in entries), "a model is damaged")
    report.expect(len(entries) == counts["installed"] - counts["removed"], f"{len(entries)} models are there")
    leftovers = [one.name for one in folder.iterdir() if "tmp" in one.name or one.name.endswith(".new")]
    report.expect(leftovers == [], f"left over: {leftovers}")
    return report


# One of the programs


def _program(folder: Path, number: int, seconds: float) -> None:
    from PySide6.QtCore import QCoreApplication

    from desktop_vlm.ui.desktop.instance import SingleInstance

    app = QCoreApplication([])
    instance = SingleInstance()
    print("first" if instance.claim() else "later", flush=True)
    sys.stdin.readline()
    until_s, step = time.monotonic() + seconds, 0
    history = _history(folder, until_s)
    store, models = SettingsStore(folder / "settings.toml"), ModelsFolder(folder / "models")
    conversation = history.create_conversation(f"of {number}") if history else 0
    while time.monotonic() < until_s:
        step += 1
        if history:
            history.add_message(conversation, None, "user", f"{number} {step}")
            print("message")
        store.reload()
        section, name, least = _SETTINGS[step % 2]
        store.update(section, **{name: least + (step + number) % 5})
        print("setting")
        if step % 10 == 0:
            _library(models, number, step)
        app.processEvents()
    if history:
        history.close()
    instance.close()


def _history(folder: Path, until_s: float) -> History | None:
    """The history, if no other program has it: that is refused with a sentence."""
    from desktop_vlm.api.errors import UserError

    while time.monotonic() < until_s:
        try:
            return History(folder / "history.db")
        except UserError as error:
            if "in use by another program" not in str(error):
                raise
            print("refused")
            time.sleep(0.05)
    return None


def _library(models: ModelsFolder, number: int, step: int) -> None:
    with models.working(f"work {number}") as work:
        (work / "t.gguf").write_bytes(b"GGUF" + bytes(step % 50))
        record = Record(
            f"Model {step % 3}",
            family="mllama",
            text_type="F32",
            vision_type="",
            text=FileRecord.of(work / "t.gguf"),
            mmproj=None,
            origin=Origin("import", "x"),
            is_reference=False,
            added="",
        )
        made = models.install(work, slug(record.name), record)
    print("installed")
    if step % 20 == 0:
        models.remove(made.id)
        print("removed")


if __name__ == "__main__":
    _program(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
