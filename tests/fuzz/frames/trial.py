"""One trial for each protocol and direction: what comes of bytes where they are received.

A receiver may end the one that sends, refuse with a sentence, or take what is valid. It must not raise anything else,
lose a question, answer one twice, or be of no use afterwards.
"""

from __future__ import annotations

import contextlib
import logging
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args
from unittest import mock

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject

from desktop_vlm import __version__
from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.markdown.formula import FormulaDrawing, is_drawable
from desktop_vlm.service import (
    decoder,
    decoder_client,
    decoder_frames,
    formula_client,
    formula_frames,
    formulas,
    frames,
    framing,
    job,
    job_frames,
    reader,
    reader_client,
    reader_frames,
    reading,
    worker,
)
from desktop_vlm.service.framing import Framed, FrameReader
from desktop_vlm.ui import child_process
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import ChatRequest
from desktop_vlm.ui.models.job_process import JobProcess
from desktop_vlm.ui.pictures.background import pool
from desktop_vlm.ui.text_layer import local as text_layer
from tests.fuzz.frames.mutations import damaged, pieces
from tests.fuzz.frames.samples import message
from tests.fuzz.frames.stand_ins import Recorded, StandInChild, StandInProcess

MOST_S = 10.0
"""Of processor time for one trial; one takes some milliseconds."""

_GOOD = LoadedModel("good", "", 4096, Capabilities("any"), (), 1, 0, False, "", 0.0, 0, 0)
_MODEL = ModelRef(Path("/nowhere.gguf"))


@dataclass(frozen=True)
class Outcome:
    """What came of a trial; `bad` says what must not be, and is empty where all is well."""

    kind: str
    bad: str = ""


def attempt(name: str, seed: int) -> Outcome:
    """Run a trial of `TRIALS`."""
    rng = random.Random(f"{name} {seed}")
    began_s = time.process_time()
    with _silence():
        try:
            outcome = TRIALS[name](rng)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            return Outcome("raised", f"{type(error).__name__}: {error}"[:300])
    took_s = time.process_time() - began_s
    return outcome if took_s < MOST_S else Outcome("slow", f"{took_s:.1f} s")


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Warnings about what is sent are the point; what raises in a slot must not only be printed."""
    raised: list[BaseException] = []
    hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: raised.append(error)
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)
        sys.excepthook = hook
    if raised:
        raise raised[0]


def _encoded(*messages: Framed) -> bytes:
    return b"".join(b"".join(framing.encode(one)) for one in messages)


def _some(kinds: Any, rng: random.Random, **given: Any) -> list[Framed]:
    """Some messages of a protocol, most of them about the same work."""
    chosen = rng.choices(get_args(kinds), k=rng.choice((1, 2, 4, 8)))
    return [message(kind, rng, **(given if rng.random() < 0.7 else {})) for kind in chosen]


def _hostile(kinds: Any, rng: random.Random, **given: Any) -> bytes:
    return damaged(_some(kinds, rng, **given), rng)


# The window's side, over Qt


def _settle(done: Callable[[], bool], process: Callable[[], Any]) -> bool:
    """Let things happen until they are done; a process that then says nothing is looked at for a while."""
    turns, until_s = 0, time.monotonic() + 20
    while turns < 2000 or (process() is None and time.monotonic() < until_s):  # threads may have to wait for a turn
        turns += 1
        for _ in range(6):
            QCoreApplication.sendPostedEvents()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            if done():
                return True
        alive = process()
        if alive is not None:
            alive._tick()
    return done()


def _window_of_engine(rng: random.Random) -> Outcome:
    hostile = [True]

    def answer(sent: frames.Message) -> bytes:
        if isinstance(sent, frames.Hello):
            return _encoded(frames.Hello(__version__, frames.PROTOCOL))
        if isinstance(sent, frames.Load):
            loaded = _encoded(frames.Loaded(sent.id, _GOOD))
            before = _hostile(frames.FromEngine, rng, id=sent.id) if hostile[0] and rng.random() < 0.2 else b""
            return before + loaded
        if isinstance(sent, frames.Chat):
            good = _encoded(frames.Chunk(sent.id, "good"), frames.Done(sent.id, "stop", None))
            return _hostile(frames.FromEngine, rng, id=sent.id) + good if hostile[0] else good
        return b""

    StandInProcess.kinds, StandInProcess.answer = get_args(frames.ToEngine), staticmethod(answer)
    parent = QObject()
    with mock.patch.object(child_process, "QProcess", StandInProcess):
        engine = LocalEngine(parent, command=("x",))
        ends: list[tuple[str, int]] = []
        text: list[str] = []
        engine.answered.connect(lambda question, _answer: ends.append(("answered", question)))
        engine.failed.connect(lambda question, _blame, _sentence: ends.append(("failed", question)))
        engine.text_arrived.connect(lambda _question, piece: text.append(piece))
        engine.load(_MODEL, LoadOptions())
        first = engine.ask(ChatRequest([ChatMessage.of("user", "a")], max_tokens=8))
        if not _settle(lambda: any(one == first for _, one in ends), lambda: engine._process):
            return Outcome("lost", "the question got no answer")
        hostile[0] = False
        engine._crashes.forget()
        if engine.state.value in {"failed", "stopped"}:
            engine.load(_MODEL, LoadOptions())
        text.clear()
        second = engine.ask(ChatRequest([ChatMessage.of("user", "b")], max_tokens=8))
        if not _settle(lambda: any(one == second for _, one in ends), lambda: engine._process):
            return Outcome("lost", "the question after it got no answer")
        engine.close()
    if sum(one == first for _, one in ends) != 1 or sum(one == second for _, one in ends) != 1:
        return Outcome("twice", f"{ends}")
    return Outcome(next(name for name, one in ends if one == first))


def _window_of_job(rng: random.Random) -> Outcome:
    def answer(sent: job_frames.Message) -> bytes:
        if isinstance(sent, job_frames.Hello):
            return _encoded(job_frames.Hello(__version__, job_frames.PROTOCOL))
        return _hostile(job_frames.FromJob, rng) + (_encoded(job_frames.Stopped()) if rng.random() < 0.5 else b"")

    StandInProcess.kinds, StandInProcess.answer = get_args(job_frames.ToJob), staticmethod(answer)
    parent = QObject()
    ends: list[Any] = []
    with mock.patch.object(child_process, "QProcess", StandInProcess):
        listing = job_frames.ListModels(job_frames.JobSettings(Path("/")))
        process = JobProcess(("x",), listing, parent)
        process.ended.connect(ends.append)
        process.start()
        if not _settle(lambda: bool(ends), lambda: process._process if not ends else None):
            return Outcome("lost", "the job never ended")
    if len(ends) != 1 or not isinstance(ends[0], job_frames.Result | job_frames.Stopped | job_frames.Failed):
        return Outcome("twice", f"{ends}"[:300])
    return Outcome(type(ends[0]).__name__)


def _window_of_reader(rng: random.Random) -> Outcome:
    def answer(sent: reader_frames.Message) -> bytes:
        if isinstance(sent, reader_frames.Hello):
            return _encoded(reader_frames.Hello(__version__, reader_frames.PROTOCOL))
        if isinstance(sent, reader_frames.Read):
            end = _encoded(reader_frames.Done(sent.id)) if rng.random() < 0.5 else b""
            if rng.random() < 0.4:
                layer = reader_frames.encode_layer(message(TextLayer, rng))
                end = _encoded(reader_frames.PageRead(sent.id, 1, 1, (layer,))) + end
                return end if rng.random() < 0.5 else end + _hostile(reader_frames.FromReader, rng, id=sent.id)
            return _hostile(reader_frames.FromReader, rng, id=sent.id) + end
        return b""

    StandInProcess.kinds, StandInProcess.answer = get_args(reader_frames.ToReader), staticmethod(answer)
    parent = QObject()
    ends: list[str] = []
    with (
        mock.patch.object(child_process, "QProcess", StandInProcess),
        mock.patch.object(text_layer, "missing_packages", return_value=()),
    ):
        local = text_layer.LocalReader(parent, command=("x",))
        local.read.connect(lambda _sha256, _layer: ends.append("read"))
        local.failed.connect(lambda _sha256, _sentence: ends.append("failed"))
        local.request("a", b"file")

        def stuck() -> Any:
            if local._process is None and local._current is not None:
                time.sleep(0.0005)  # its file is fetched in a thread, or a layer decoded
            return local._process if local._has_greeted else None

        is_over = _settle(lambda: bool(ends), stuck)
        local.close()
        pool().waitForDone()  # what still decodes a layer would log what it finds wrong in the next trial
    return Outcome(ends[0]) if is_over and len(ends) == 1 else Outcome("lost", f"the image: {ends}")


# The clients that wait


def _client_of_decoder(rng: random.Random) -> Outcome:
    ask_for = rng.choice(("image", "pages", "count"))
    StandInChild.pieces = pieces(_decoder_says(rng), rng)
    StandInChild.living = 0
    kind = "decoded"
    with mock.patch.object(decoder_client, "BlockingChild", StandInChild):
        client = decoder_client.DecoderClient(("x",))
        try:
            if ask_for == "count":
                count = client.count(b"data", "it")
                assert 0 <= count < 2**31
            else:
                for one in client.images(b"data", "it", what=ask_for):
                    assert isinstance(one, decoder_frames.Opened) or one[1].size[0] > 0
        except UserError as error:
            kind = "refused" if len(str(error)) < 1200 else "much too long"
        client.close()
    return Outcome(kind) if StandInChild.living == 0 else Outcome("leaked", f"{StandInChild.living} processes")


def _decoder_says(rng: random.Random) -> bytes:
    """An image and what follows it, damaged; or anything."""
    if rng.random() < 0.4:
        return _hostile(decoder_frames.FromDecoder, rng, id=1)
    width, height = rng.choice(((1, 1), (3, 2), (40, 30)))
    mode = rng.choice(("RGB", "RGBA"))
    rows = bytes(width * height * len(mode))
    said: list[Framed] = [
        decoder_frames.Image(1, 1, mode, width, height),
        decoder_frames.Strip(1, 0, height, (rows,)),
        decoder_frames.Opened(1, (1,), 1, "page", (), transparent=False),
    ]
    return damaged(said, rng)


def _client_of_reader(rng: random.Random) -> Outcome:
    layer = reader_frames.encode_layer(message(TextLayer, rng))
    said = _some(reader_frames.FromReader, rng, id=1)
    said.insert(0, reader_frames.PageRead(1, 1, 1, (layer,)))
    said.append(reader_frames.Done(1))
    StandInChild.pieces = pieces(damaged(said, rng), rng)
    StandInChild.living = 0
    kind = "read"
    with mock.patch.object(reader_client, "BlockingChild", StandInChild):
        client = reader_client.ReaderClient(("x",))
        try:
            for _ in client.read(b"data", "it", pages=rng.choice(((), (1,), (1, 2)))):
                pass
        except (UserError, EngineError):
            kind = "refused"
        client.close()
    return Outcome(kind) if StandInChild.living == 0 else Outcome("leaked", "a process")


def _client_of_formulas(rng: random.Random) -> Outcome:
    drawn = FormulaDrawing("<svg><path d='M 0 0'/></svg>", 9.0, 9.0, 1.0)
    said = _some(formula_frames.FromFormulas, rng, id=1)
    said.insert(0, formula_frames.LaidOut(1, drawn if rng.random() < 0.7 else message(FormulaDrawing, rng)))
    StandInChild.pieces = pieces(damaged(said, rng), rng)
    StandInChild.living = 0
    with mock.patch.object(formula_client, "BlockingChild", StandInChild):
        client = formula_client.FormulaClient(("x",))
        found = client.lay_out("x", 14.0, display=False)
        client.close()
    if StandInChild.living:
        return Outcome("leaked", f"{StandInChild.living} processes")
    return Outcome("drawn" if found else "source", "" if found is None or is_drawable(found, 14.0) else f"{found}")


# The processes' side


def _to_process(
    sent: Any, other: FrameReader[Any], handle: Callable[[Any], None], rng: random.Random, **given: Any
) -> str:
    """Give messages to a process as its pipes would; how it ended."""
    try:
        for piece in pieces(_hostile(sent, rng, **given), rng):
            for one in other.feed(piece):
                handle(one)
    except framing.ProtocolError:
        return "ended"
    return "took it"


class _Model:
    """A model that answers with one word."""

    n_gpu_layers, n_ctx, n_layers = 0, 64, 1
    name = quantization = placement = "x"
    capabilities = Capabilities("any")

    def chat(self, _messages: Any, *, max_tokens: int, **_others: Any) -> Iterator[Chunk]:
        if max_tokens < 1:
            raise UserError("no")
        yield Chunk("word")
        yield Chunk("", "stop", Usage(1, 1, 0, 0, 0.0, 0.0, 0.0))

    def stop(self) -> None: ...
    def close(self) -> None: ...


def _engine(rng: random.Random) -> Outcome:
    pipes = Recorded(lambda: frames.FrameReader(frames.FromEngine))
    made = worker.Worker(pipes)  # type: ignore[arg-type]
    engine: Any = SimpleNamespace(load=lambda *_, **__: _Model(), devices=tuple)
    n_jobs = 0
    with mock.patch.object(worker, "describe", return_value=_GOOD), mock.patch.object(sys, "stderr"):
        kind = _to_process(frames.ToEngine, frames.FrameReader(frames.ToEngine), made._receive, rng, id=1)
        while not made._jobs.empty():
            one = made._jobs.get()
            n_jobs += isinstance(one, frames.Load | frames.Chat)
            try:
                made._do(one, engine)
            except framing.ProtocolError:
                n_jobs -= 1
    finals = (frames.Loaded, frames.Unloaded, frames.Done, frames.Missing, frames.Error)
    n_ends = sum(isinstance(one, finals) for one in pipes.sent)
    n_ends -= sum(isinstance(one, frames.Error) and one.message.startswith("The window is") for one in pipes.sent)
    return Outcome(kind) if n_ends == n_jobs else Outcome("lost", f"{n_jobs} jobs, {pipes.sent}"[:300])


def _decoder(rng: random.Random) -> Outcome:
    pipes = Recorded(lambda: decoder_frames.FrameReader(decoder_frames.FromDecoder))
    made = decoder.Decoder(pipes)  # type: ignore[arg-type]
    with (
        mock.patch.object(decoder, "limit_processor_time", return_value=nullcontext()),
        mock.patch.object(decoder, "less_memory", return_value=nullcontext()),
        mock.patch("os.write"),
    ):
        kind = _to_process(
            decoder_frames.ToDecoder, decoder_frames.FrameReader(decoder_frames.ToDecoder), made._receive, rng, id=1
        )
    bugs = [one for one in pipes.sent if isinstance(one, decoder_frames.Failed) and one.blame == "bug"]
    return Outcome(kind, f"{bugs}" if bugs else "")


def _formulas(rng: random.Random) -> Outcome:
    pipes = Recorded(lambda: formula_frames.FrameReader(formula_frames.FromFormulas))
    made = formulas.Formulas(pipes)  # type: ignore[arg-type]
    n_asked = 0

    def lay_out(*_formula: object, **_display: bool) -> None:
        nonlocal n_asked
        n_asked += 1

    with (
        mock.patch.object(formulas, "limit_processor_time", return_value=nullcontext()),
        mock.patch.object(formulas, "lay_out_uncached", lay_out),
    ):
        kind = _to_process(
            formula_frames.ToFormulas, formula_frames.FrameReader(formula_frames.ToFormulas), made._receive, rng, id=1
        )
    return Outcome(kind) if len(pipes.sent) == n_asked else Outcome("lost", f"{n_asked} formulas, {pipes.sent}"[:300])


def _reader(rng: random.Random) -> Outcome:
    pipes = Recorded(lambda: reader_frames.FrameReader(reader_frames.FromReader))
    made = reader.Reader(pipes)  # type: ignore[arg-type]

    def read_file(asked: reader_frames.Read, stop: Callable[[], bool]) -> Iterator[reader_frames.Done]:
        stop()
        yield reader_frames.Done(asked.id)

    n_reads = 0
    with (
        mock.patch.object(reading, "read_file", read_file),
        mock.patch.object(reader, "_prepare", return_value=reader_frames.Done(0)),
        mock.patch.object(reader, "_give_way"),
        mock.patch("os._exit", _exit),
        mock.patch.object(reader.Reader, "_end_if_stuck"),
    ):
        kind = _to_process(
            reader_frames.ToReader, reader_frames.FrameReader(reader_frames.ToReader), made._receive, rng, id=1
        )
        while not made._jobs.empty():
            one = made._jobs.get()
            n_reads += isinstance(one, reader_frames.Read) and one.id != 0
            try:
                made._do(one)
            except framing.ProtocolError:  # it greets another version, and ends
                break
    n_ends = sum(getattr(one, "id", 0) != 0 for one in pipes.sent)
    return Outcome(kind) if n_ends == n_reads else Outcome("lost", f"{n_reads} files, {pipes.sent}"[:300])


def _job(rng: random.Random) -> Outcome:
    pipes = Recorded(lambda: job_frames.FrameReader(job_frames.FromJob))
    made = job.JobProcess(pipes)  # type: ignore[arg-type]

    def work(_job: job_frames.Job, _progress: Any) -> job_frames.Result:
        return job_frames.TokenState(is_kept=False)

    with (
        mock.patch.object(job, "work", work),
        mock.patch("os._exit", _exit),
        mock.patch.object(job.JobProcess, "_end_if_stuck"),
    ):
        kind = _to_process(job_frames.ToJob, job_frames.FrameReader(job_frames.ToJob), made._receive, rng)
        if not made._jobs.empty():
            pipes.send(made._do(made._jobs.get()))
    return Outcome(kind)


def _exit(_code: int) -> None:
    raise framing.ProtocolError("the process ended")


TRIALS: dict[str, Callable[[random.Random], Outcome]] = {
    "engine to window": _window_of_engine,
    "job to window": _window_of_job,
    "reader to window": _window_of_reader,
    "decoder to client": _client_of_decoder,
    "formulas to client": _client_of_formulas,
    "reader to client": _client_of_reader,
    "window to engine": _engine,
    "window to decoder": _decoder,
    "window to formulas": _formulas,
    "window to reader": _reader,
    "window to job": _job,
}
"""By who sends to whom."""
