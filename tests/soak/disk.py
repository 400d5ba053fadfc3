"""A disk that is full while something is written: a sentence, nothing half-written, and with room again it works."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from tests.soak.report import Report, soak

_SIZE = "200m"
_LEFT_BYTES = 48 * 1024
"""With which some things begin well."""


@soak
def full_disk(folder: Path, short: bool) -> Report:
    """Converting, downloading, and saving history, exports and settings on a file system without room."""
    report = Report()
    disk = folder / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(disk)]
    can_mount = shutil.which("mount") is not None and os.getuid() == 0
    is_mounted = can_mount and subprocess.run(mounting, check=False, capture_output=True).returncode == 0
    report.figures["by"] = f"a file system of {_SIZE}B" if is_mounted else "a limit on the size of files"
    try:
        how = [str(int(is_mounted)), str(int(short))]
        command = [sys.executable, "-m", "tests.soak.disk", str(folder), str(disk), *how]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(disk)], check=False)
    for line in done.stdout.splitlines():
        what, _, said = line.partition(": ")
        if what == "BAD":
            report.bad.append(said)
        else:
            report.figures[what] = said
    report.expect(done.returncode == 0, done.stderr[-800:])
    return report


# In a process of its own, where files may be limited


@dataclass(frozen=True)
class Disk:
    """A place that can be full.

    Attributes:
        folder: on it.
        is_own: a file system of its own, which is filled; else files are limited.
    """

    folder: Path
    is_own: bool

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Within this, there is next to no room."""
        filler = self.folder / "filler"
        if self.is_own:
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:  # others may write meanwhile
                while (free_bytes := shutil.disk_usage(self.folder).free) > _LEFT_BYTES:
                    file.write(bytes(min(free_bytes - _LEFT_BYTES, 1 << 20)))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        if not self.is_own:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LEFT_BYTES, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            filler.unlink(missing_ok=True)


def _attempt(disk: Disk, what: str, work: Callable[[], object], check: Callable[[], object]) -> None:
    """Do something twice: without room, which gives a sentence, and with it."""
    try:
        with disk.full():
            work()
        print(f"BAD: {what}: there was room")
    except UserError as error:
        print(f"{what}: {str(error).replace(str(disk.folder), 'DISK')}")
    except Exception as error:  # noqa: BLE001 - what is looked for
        print(f"BAD: {what}: {type(error).__name__}: {error}")
    half = [str(one.relative_to(disk.folder)) for one in disk.folder.rglob("*") if one.name.endswith((".tmp", ".new"))]
    if half:
        print(f"BAD: {what} left {half}")
    try:
        work()
        assert check(), "it is not there"
    except Exception as error:  # noqa: BLE001
        print(f"BAD: {what}, with room again: {type(error).__name__}: {error}")


def _on_the_way(
    disk: Disk, what: str, work: Callable[[Callable[[object], None]], object], check: Callable[[], object]
) -> None:
    """Do something during which the room is taken by somebody else."""
    if not disk.is_own:
        return
    with contextlib.ExitStack() as filled:

        def progress(at: object) -> None:
            if getattr(at, "stage", "") not in ("ask", "list") and not (disk.folder / "filler").exists():
                filled.enter_context(disk.full())

        try:
            work(progress)
            print(f"BAD: {what}: there was room")
        except UserError as error:
            print(f"{what}: {str(error).replace(str(disk.folder), 'DISK')}")
        except Exception as error:  # noqa: BLE001 - what is looked for
            print(f"BAD: {what}: {type(error).__name__}: {error}")
        if check():
            print(f"BAD: {what}: a file has its name")
    try:
        work(lambda _at: None)
        assert check(), "it is not there"
    except Exception as error:  # noqa: BLE001
        print(f"BAD: {what}, with room again: {type(error).__name__}: {error}")


def _history(disk: Disk) -> None:
    from desktop_vlm.export import EXPORTERS, export
    from desktop_vlm.history import History

    noise = os.urandom(200_000)
    path = disk.folder / "history.db"
    with History(path) as history:
        conversation = history.create_conversation("kept")
        kept = [history.add_message(conversation, None, "user", "acknowledged").id]
        added: list[str] = []

        def add() -> None:
            sha256 = history.add_picture(noise, name="p.png", width=1, height=1)
            added.append(sha256)
            kept.append(history.add_message(conversation, kept[-1], "user", noise.hex(), pictures=[sha256]).id)

        _attempt(disk, "saving a message with an image", add, lambda: len(history.thread(conversation)) == 2)
        for key in [one for one in EXPORTERS if one != "pdf"]:  # which the window draws
            target = disk.folder / "exported" / f"out{EXPORTERS[key].suffix}"
            target.parent.mkdir(exist_ok=True)
            _attempt(
                disk,
                f"exporting as {key}",
                lambda key=key, target=target: export(history, conversation, key, target),  # type: ignore[misc]
                lambda target=target: target.stat().st_size > 0,  # type: ignore[misc]
            )
            shutil.rmtree(target.parent)
    with History(path) as history:
        if [one.text for one in history.thread(conversation)][:1] != ["acknowledged"]:
            print("BAD: what was acknowledged is lost")


def _settings(disk: Disk) -> None:
    from desktop_vlm.settings import SettingsStore

    path = disk.folder / "settings.toml"
    store = SettingsStore(path)
    store.update("answers", max_tokens=100)
    before = path.read_text(encoding="utf-8")
    if not disk.is_own:
        return  # so small a file has room
    numbers = iter(range(200, 300))

    def update() -> None:
        crumbs = disk.folder / "crumbs"
        if (disk.folder / "filler").exists():
            with contextlib.suppress(OSError), crumbs.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))  # the rest
        try:
            store.update("answers", max_tokens=next(numbers))
        finally:
            if crumbs.exists() and path.read_text(encoding="utf-8") != before:
                print("BAD: settings changed on a full disk")
            crumbs.unlink(missing_ok=True)

    _attempt(disk, "writing settings", update, lambda: SettingsStore(path).current.answers.max_tokens == 201)


def _converting(folder: Path, disk: Disk) -> None:
    from desktop_vlm.convert import convert
    from tests.checkpoints import CHECKPOINTS, build

    checkpoint = build(CHECKPOINTS["alpha"], folder / "checkpoint")
    out = disk.folder / "models"
    out.mkdir()

    def work() -> None:
        convert(checkpoint, out, text_type="F32", vision_type="F32")

    def is_there() -> bool:
        return len(list(out.glob("*.gguf"))) == 2

    _attempt(disk, "converting", work, is_there)
    shutil.rmtree(out)
    _on_the_way(
        disk, "converting, filled on the way", lambda progress: convert(checkpoint, out, progress=progress), is_there
    )


def _downloading(folder: Path, disk: Disk) -> None:
    from desktop_vlm.acquire.pull import pull
    from desktop_vlm.acquire.target import read_target
    from desktop_vlm.hub.access import Access, Patience
    from desktop_vlm.models.library import ModelsFolder
    from tests.fuzz.gguf.subjects import write_subject
    from tests.hub.server import HubServer

    text, mmproj = write_subject("mllama", folder / "pair")
    patience = Patience(connect_s=1.0, read_s=2.0, waits_s=(0.01, 0.01), longest_s=5.0)
    library = ModelsFolder(disk.folder / "library")
    with HubServer() as hub:
        hub.add("tiny/pair-GGUF", {"tiny-F32.gguf": text.read_bytes(), "mmproj-tiny-F32.gguf": mmproj.read_bytes()})
        access = Access(hub.endpoint, patience=patience)
        _attempt(
            disk,
            "downloading",
            lambda: pull(read_target("tiny/pair-GGUF"), library, access),
            lambda: len(library.entries()) == 1,
        )
        library = ModelsFolder(disk.folder / "other library")
        _on_the_way(
            disk,
            "downloading, filled on the way",
            lambda progress: pull(read_target("tiny/pair-GGUF"), library, access, progress),
            lambda: len(library.entries()) == 1,
        )


def _all(folder: Path, disk: Disk, short: bool) -> None:
    _history(disk)
    _settings(disk)
    if not short:
        _converting(folder, disk)
        _downloading(folder, disk)


if __name__ == "__main__":
    _all(Path(sys.argv[1]), Disk(Path(sys.argv[2]), sys.argv[3] == "1"), sys.argv[4] == "1")
