"""The engine in a process of its own (`desktop_vlm.service.worker`).

Its crash costs at most the rest of one answer: the next question starts another process and loads the same model into
it. Nothing here waits, and nothing here imports the engine.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm import __version__
from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.service import frames
from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY
from desktop_vlm.ui.child_process import ChildProcess
from desktop_vlm.ui.engine.answer_limit import AnswerLimit
from desktop_vlm.ui.engine.crashes import Crashes
from desktop_vlm.ui.engine.delivery import Delivery
from desktop_vlm.ui.engine.pace import Pace
from desktop_vlm.ui.engine.process import Limits, worker_command, worker_process
from desktop_vlm.ui.engine.protocol import STAGES, Answer, ChatRequest, EngineState, Progress
from desktop_vlm.ui.engine.text_batches import TextBatches

_LOG = logging.getLogger(__name__)
_LESS_MEMORY = 0.8
_NO_MODEL = "No model is loaded; choose one first."


class LocalEngine(QObject):
    """Keeps to `protocol.Engine`; text arrives at most every 30 ms."""

    state_changed = Signal(object)
    progressed = Signal(object)
    loaded = Signal(object)
    text_arrived = Signal(int, str)
    answered = Signal(int, object)
    failed = Signal(int, str, str)
    crashed = Signal(str)
    stats_changed = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, command: Sequence[str] | None = None, limits: Limits | None = None
    ) -> None:
        """Make a client; no process starts before the first load.

        Args:
            parent: owner.
            command: program and arguments of the engine's process.
            limits: how patient to be.
        """
        super().__init__(parent)
        self._command = tuple(command or worker_command())
        self._limits = limits or Limits()
        self._state = EngineState.STOPPED
        self._source: tuple[ModelRef, LoadOptions] | None = None
        self._model: LoadedModel | None = None
        self._ids = itertools.count(1)
        self._load_id = 0  # of the load under way, 0 for none
        self._running = 0  # the question under way, 0 for none
        self._queued: tuple[int, ChatRequest] | None = None
        self._process: ChildProcess | None = None
        self._delivery = Delivery()  # what that process has had
        self._process_files: tuple[Path, ...] = ()  # all that it may open
        self._greeted = False
        self._ending = False  # we ended the process ourselves ...
        self._restart = False  # ... to start another one
        self._crashes = Crashes(self._limits.crashes, self._limits.crashes_s)
        self._request: ChatRequest | None = None  # what runs
        self._limit = AnswerLimit()
        self._heard: type | None = None  # what the process said of it: nothing, how far it is, or text
        self._repeated = 0  # the last question that was sent a second time
        self._memory_share = 1.0  # less, once a GPU's memory ran out
        self._pace = Pace()
        self._text = TextBatches(self)
        self._text.came.connect(lambda text: self.text_arrived.emit(self._running, text))
        self._stop_timer = QTimer(self, singleShot=True, interval=round(1000 * self._limits.stop_s))
        self._stop_timer.timeout.connect(self._stop_took_too_long)
        self._handlers: dict[type, Callable[[Any], None]] = {
            frames.Hello: self._on_hello,
            frames.Loaded: self._on_loaded,
            frames.Unloaded: self._on_unloaded,
            frames.Progress: self._on_progress,
            frames.Chunk: self._on_chunk,
            frames.Done: self._on_done,
            frames.Missing: self._on_missing,
            frames.Error: self._on_error,
            frames.Stats: self.stats_changed.emit,
        }

    @property
    def state(self) -> EngineState:
        return self._state

    @property
    def model(self) -> LoadedModel | None:
        return self._model

    @property
    def source(self) -> tuple[ModelRef, LoadOptions] | None:
        return self._source

    @property
    def pid(self) -> int:
        """The process's id; 0 when there is none."""
        return self._process.pid if self._process else 0

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines that the process wrote to stderr: for a report, not for people."""
        return self._process.log if self._process else ()

    # What the window asks for

    def load(self, model: ModelRef, options: LoadOptions) -> None:
        others = (path.absolute() if path else None for path in (model.mmproj, model.draft))
        self._source = ModelRef(model.text.absolute(), *others), options
        self._memory_share = options.memory_share
        self._crashes.forget()
        stopped = self._give_up_work()
        self._begin()
        self._cancel(stopped)

    def ask(self, request: ChatRequest) -> int:
        asked = next(self._ids)
        if self._queued or self._state is EngineState.ANSWERING:
            self._refuse(asked, "user", "The model is still answering; stop it or wait for the end.")
        elif self._source is None:
            self._refuse(asked, "user", _NO_MODEL)
        elif self._crashes.too_many:
            self._refuse(asked, "engine", self._crashes.too_many)
        else:
            self._queued = asked, request
            if self._state in (EngineState.STOPPED, EngineState.FAILED):
                self._begin()
            else:
                self._ask_queued()
        return asked

    def stop(self) -> None:
        waiting, self._queued = self._queued, None
        if self._state is EngineState.STARTING:
            self._end_process(restart=False)
            self._set_state(EngineState.STOPPED)
        elif self._process and self._state in (EngineState.LOADING, EngineState.ANSWERING):
            self._text.flush()
            self._process.send(frames.Stop(self._load_id or self._running))
            self._stop_timer.start()
            self._set_state(EngineState.STOPPING)
        if waiting:
            self._cancel([waiting[0]])

    def restart(self) -> None:
        if self._source is None:
            self._refuse(0, "user", _NO_MODEL)
            return
        self._crashes.forget()
        stopped = self._give_up_work()
        self._greeted = False  # whatever the process is doing, it is not to be used again
        self._begin()
        self._cancel(stopped)

    def unload(self) -> None:
        stopped = self._give_up_work()
        self._end_process(restart=False)
        self._set_state(EngineState.STOPPED)
        self._cancel(stopped)

    def forget_images(self) -> None:
        if self._process and self._greeted:
            self._process.send(frames.Forget())
        self._delivery = Delivery()

    def close(self) -> None:
        stopped = self._give_up_work()
        process, self._process = self._process, None
        if process:
            process.close()
        self._set_state(EngineState.STOPPED)
        self._cancel(stopped)

    # The process

    def _begin(self) -> None:
        """Load `source`, in the process that is there if it has nothing else to do, else in a new one."""
        self._model = None
        if self._process and self._greeted and not self._ending and set(self._files()) <= set(self._process_files):
            self._send_load()
            return
        self._set_state(EngineState.STARTING)
        if self._process:
            self._end_process(restart=True)
        else:
            self._start_process()

    def _start_process(self) -> None:
        self._greeted = self._ending = self._restart = False
        self._process_files = self._files()
        self._delivery = Delivery()
        self._process = worker_process(self._command, self._limits, self)
        self._process.received.connect(self._on_message)
        self._process.ended.connect(self._on_ended)
        self._process.start()
        self._process.send(frames.Hello(__version__, frames.PROTOCOL, self._files()))

    def _files(self) -> tuple[Path, ...]:
        """The files of `source`."""
        return self._source[0].files if self._source else ()

    def _end_process(self, *, restart: bool) -> None:
        self._model = None
        self._greeted = False
        if self._process:
            self._ending, self._restart = True, restart
            self._process.kill("the window ended it")

    def _on_ended(self, reason: str) -> None:
        log, by_itself = self.log, bool(self._process and not self._process.was_killed)
        self._process = None
        if not self._ending:
            self._on_crash(reason, log, by_itself=by_itself)
        elif self._restart:
            self._start_process()

    def _on_crash(self, reason: str, log: Sequence[str], *, by_itself: bool) -> None:
        _LOG.warning("the engine stopped: %s\n%s", reason, "\n".join(log))
        state, running, request, waiting = self._state, self._running, self._request, self._queued
        self._give_up_work()
        self._model = None
        sentence = self._crashes.count(reason)
        less = self._ask_for_less(reason, log)
        self._set_state(EngineState.FAILED if self._crashes.too_many else EngineState.STOPPED)
        if running and state is EngineState.STOPPING:
            self._cancel([running])
        elif less and state is EngineState.LOADING:
            self._queued, waiting = waiting, None
            self._begin()
        elif running and request and by_itself and self._may_repeat(running, less=less):
            self._repeated, self._queued = running, (running, request)
            self._begin()
        elif running:
            self.failed.emit(running, "engine", sentence)
        elif state in (EngineState.STARTING, EngineState.LOADING):
            self.failed.emit(0, "engine", sentence)
        if waiting:
            self.failed.emit(waiting[0], "engine", sentence)
        if less and running and self._state is EngineState.STOPPED and self._process is None:
            self._begin()  # so that it is there, with less, when the question is asked again
        self.crashed.emit(f"the engine stopped: {reason}")

    def _ask_for_less(self, reason: str, log: Sequence[str]) -> bool:
        """Whether memory ran out or the GPU was lost, and the next process is, for the first time, to use less."""
        share = self._source[1].memory_share if self._source else 1.0
        is_short = reason in (NO_MEMORY, DEVICE_LOST) or any("out of memory" in line for line in log)
        less = is_short and self._memory_share == share and not self._crashes.too_many
        self._memory_share *= _LESS_MEMORY if less else 1
        return less

    def _may_repeat(self, question: int, *, less: bool) -> bool:
        """Whether a question that lost nothing is asked again: the process was gone already, or uses less from now."""
        repeatable = question != self._repeated and not self._crashes.too_many
        return repeatable and (self._heard is None or (less and self._heard is not frames.Chunk))

    # Work

    def _give_up_work(self) -> list[int]:
        """Forget what is under way and what waits; returns the questions, which are still to be reported."""
        self._text.flush()
        self._stop_timer.stop()
        if self._load_id or self._running:
            self._greeted = False  # the process is busy with what nobody wants any more
        stopped = [self._running] if self._running else []
        stopped += [self._queued[0]] if self._queued else []
        self._load_id, self._running, self._queued, self._request = 0, 0, None, None
        return stopped

    def _cancel(self, questions: Sequence[int]) -> None:
        for question in questions:
            self.answered.emit(question, Answer("cancelled"))

    def _refuse(self, question: int, blame: str, sentence: str) -> None:
        # Later, so that whoever asks has the id before anything is said about it.
        QTimer.singleShot(0, self, lambda: self.failed.emit(question, blame, sentence))

    def _send_load(self) -> None:
        source, process = self._source, self._process
        assert source is not None
        assert process is not None
        model, options = source
        self._load_id = next(self._ids)
        self._pace = Pace()
        process.watch(working=True)
        process.send(frames.Load(self._load_id, model, replace(options, memory_share=self._memory_share)))
        self._set_state(EngineState.LOADING)

    def _ask_queued(self) -> None:
        """Send the waiting question, if there is one and the model is there."""
        if self._queued is None or self._state is not EngineState.READY or self._process is None:
            return
        (question, request), self._queued = self._queued, None
        if request.image_keys and self._model and self._model.capabilities.max_images == 0:
            self._refuse(question, "user", NO_VISION)
            return
        self._running, self._request = question, request
        self._limit = AnswerLimit(request.max_tokens, request.stop)
        self._pace = Pace()
        if self._send_question():
            self._set_state(EngineState.ANSWERING)

    def _send_question(self) -> bool:
        """Send what is to run; False if it is too large, which is then reported."""
        request, process = self._request, self._process
        assert request is not None
        assert process is not None
        self._heard = None
        process.watch(working=True)
        try:
            process.send(self._delivery.message(self._running, request))
        except frames.ProtocolError:
            too_large, self._running = self._running, 0
            self._delivery = Delivery()
            process.watch(working=False)
            self._refuse(too_large, "user", "The conversation is too large for the engine; leave out some images.")
            return False
        return True

    def _work_ended(self, state: EngineState) -> None:
        self._text.flush()
        self._stop_timer.stop()
        self._load_id = self._running = 0
        if self._process:
            self._process.watch(working=False)
        self._set_state(state)

    def _stop_took_too_long(self) -> None:
        """Stop by force: an answer's process is replaced at once, a load's when somebody asks."""
        _LOG.warning("a stop took more than %g s; the engine's process is replaced", self._limits.stop_s)
        waiting, was_answering = self._queued, bool(self._running)
        stopped = [self._running] if self._running else []
        self._load_id = self._running = 0
        restart = was_answering or waiting is not None
        self._end_process(restart=restart)
        self._set_state(EngineState.STARTING if restart else EngineState.STOPPED)
        self._cancel(stopped)

    # What the process says

    def _on_message(self, message: frames.Message) -> None:
        handler = self._handlers.get(type(message))
        is_about_nothing = getattr(message, "id", None) == 0 and not isinstance(message, frames.Error)
        if handler and not is_about_nothing:
            if self._running and getattr(message, "id", 0) == self._running:
                self._heard = type(message)
            handler(message)

    def _on_hello(self, hello: frames.Hello) -> None:
        if self._greeted or self._load_id:  # it has said so before
            return
        if (hello.version, hello.protocol) != (__version__, frames.PROTOCOL):
            sentence = f"The window is desktop-vlm {__version__} and its engine {hello.version}"
            self._end_process(restart=False)
            self._load_failed("engine", f"{sentence}; close the program and start it again.")
        else:
            self._greeted = True
            self._send_load()

    def _on_loaded(self, message: frames.Loaded) -> None:
        if message.id == self._load_id:
            self._model = message.model
            self._work_ended(EngineState.READY)
            self.loaded.emit(message.model)
            self._ask_queued()

    def _on_unloaded(self, message: frames.Unloaded) -> None:
        if message.id == self._load_id:
            self._work_ended(EngineState.STOPPED)
            if self._queued:
                self._begin()

    def _on_progress(self, message: frames.Progress) -> None:
        is_known = message.stage in STAGES and 0 <= message.fraction <= 1
        if is_known and message.id in (self._load_id, self._running) and self._state is not EngineState.STOPPING:
            seconds_left = self._pace.seconds_left(message.stage, message.fraction)
            self.progressed.emit(Progress(message.stage, message.fraction, seconds_left))

    def _on_chunk(self, message: frames.Chunk) -> None:
        if self._process and not self._limit.take(message.text):
            self._process.kill("it sent more text than was asked for")
        elif message.id == self._running and self._state is EngineState.ANSWERING:  # after a stop nothing is added
            self._text.add(message.text)

    def _on_done(self, message: frames.Done) -> None:
        if message.id == self._running:
            self._answered(Answer(message.finish_reason, message.usage))

    def _answered(self, answer: Answer) -> None:
        question = self._running
        self._work_ended(EngineState.READY)
        self.answered.emit(question, answer)
        self._ask_queued()

    def _on_missing(self, message: frames.Missing) -> None:
        """Send the question once more, with images that the process has let go of."""
        if message.id != self._running:
            return
        can_help = self._delivery.forget(message.images)
        if self._state is EngineState.STOPPING:
            self._answered(Answer("cancelled"))
        elif not can_help:
            self._question_failed("bug", "Images did not reach the engine: this is a bug in Desktop VLM; see the log.")
        elif not self._send_question():
            self._work_ended(EngineState.READY)

    def _on_error(self, message: frames.Error) -> None:
        blame, sentence = frames.blame_and_sentence(message)
        if message.id == 0:
            self._end_process(restart=False)
        if message.id in (0, self._load_id):
            self._load_failed(blame, sentence)
        elif message.id == self._running:
            self._question_failed(blame, sentence)

    def _question_failed(self, blame: str, sentence: str) -> None:
        question = self._running
        self._work_ended(EngineState.READY)
        self.failed.emit(question, blame, sentence)
        self._ask_queued()

    def _load_failed(self, blame: str, sentence: str) -> None:
        running, waiting, self._queued = self._running, self._queued, None
        self._work_ended(EngineState.FAILED)
        for question in (0, *([running] if running else []), *([waiting[0]] if waiting else [])):
            self.failed.emit(question, blame, sentence)

    # Small things

    def _set_state(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
