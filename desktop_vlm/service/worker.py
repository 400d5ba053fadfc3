"""The engine's process: `python -m desktop_vlm.service.worker`, spoken to over stdin and stdout in `frames`.

ggml ends the process on a failed check and when a GPU's memory runs out, so the window runs it out here.

Three threads: the main one computes; one reads stdin, so that a stop, and the end of input, are noticed meanwhile;
one says each second how far the work is. End of input means that the window is gone: the process ends at
once, whatever it is doing. Nothing secret is in its arguments, and nothing of a conversation goes to stderr.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from desktop_vlm import __version__
from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.errors import Cancelled, DeviceLostError, EngineError, UserError
from desktop_vlm.api.loaded_model import DeviceMemory, LoadedModel
from desktop_vlm.families.jinja_template.render import keep_renderer
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.runtime import abi
from desktop_vlm.service import frames
from desktop_vlm.service.image_cache import ImageCache
from desktop_vlm.service.pipes import Pipes, prepare_process, refuse_input, take_stdio
from desktop_vlm.service.pulse import pulse
from desktop_vlm.system import steps
from desktop_vlm.system.gpus import installed_gpus
from desktop_vlm.system.importing import importing
from desktop_vlm.system.sandbox import Needs, confine

if TYPE_CHECKING:
    from desktop_vlm import backend

EXIT_ENGINE_MISSING = 3

_Job = frames.Hello | frames.Load | frames.Chat | frames.Forget

PULSE_S = 1.0
_PROGRESS_S = 0.05
_BUG = "Something went wrong inside the engine's process: this is a bug in Desktop VLM; see the log."


class Worker:
    """One engine and its jobs, which it does one after the other."""

    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._working = threading.Event()
        self._current_id = 0
        self._stopped_id = 0
        self._model: backend.Model | None = None
        self._images = ImageCache()
        self._progress_sent = ("", 0.0)

    def run(self) -> int:
        """Greet and work until the input ends; returns only when there is no engine to work with."""
        hello = self._pipes.receive_first()
        if not isinstance(hello, frames.Hello):
            refuse_input(f"a {hello.kind} message before a greeting")
        keep_renderer()
        confine(Needs(hello.files, gpus=hello.gpus))  # it holds for threads and libraries that come after it
        self._jobs.put(hello)
        threading.Thread(target=self._pipes.receive, args=(self._receive,), daemon=True).start()
        threading.Thread(target=self._pulse, daemon=True).start()
        try:
            engine = _import_engine()
        except EngineError as error:
            self._fail(0, "engine", str(error))
            return EXIT_ENGINE_MISSING
        except Exception as error:  # noqa: BLE001 - a broken installation fails in many ways
            traceback.print_exc()
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._fail(0, "engine", f"The engine's library cannot be loaded ({reason}); install desktop-vlm again.")
            return EXIT_ENGINE_MISSING
        self._pipes.send(frames.Hello(__version__, frames.PROTOCOL))
        while True:
            self._do(self._jobs.get(), engine)

    # What the other threads do

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, (frames.Hello, frames.Load, frames.Chat, frames.Forget)):
            self._jobs.put(message)
        elif isinstance(message, frames.Stop):
            self._stopped_id = message.id  # noted first: the job may be about to begin
            model = self._model
            if model and self._current_id == message.id:
                model.stop()
        else:
            raise frames.ProtocolError(f"a {message.kind} message to the engine")

    def _pulse(self) -> None:
        while self._working.wait():
            self._pipes.send(pulse())
            time.sleep(PULSE_S)

    # Jobs

    def _do(self, job: _Job, engine: ModuleType) -> None:
        if isinstance(job, frames.Hello):
            self._check_versions(job)
            return
        if isinstance(job, frames.Forget):
            self._images = ImageCache()
            return
        self._current_id = job.id
        self._working.set()
        try:
            self._work(job, engine)
        except Cancelled:
            self._pipes.send(frames.Unloaded(job.id))  # a load: an answer tells of its end itself
        except UserError as error:
            self._fail(job.id, "user", str(error))
        except DeviceLostError:
            _end_without_its_gpu()
        except EngineError as error:
            self._fail(job.id, "engine", str(error))
        except MemoryError:
            self._fail(job.id, "engine", "There is not enough memory for this; close other programs and try again.")
        except Exception:  # noqa: BLE001 - reported as a bug; the next job may well work
            _log_bug(with_text=isinstance(job, frames.Load))
            self._fail(job.id, "bug", _BUG)
        self._current_id = 0
        self._working.clear()

    def _work(self, job: _Job, engine: ModuleType) -> None:
        if isinstance(job, frames.Load):
            self._load(job, engine)
        elif isinstance(job, frames.Chat):
            self._chat(job)
        self._pipes.send(frames.Stats(_devices(engine), _rss_bytes()))

    def _check_versions(self, hello: frames.Hello) -> None:
        if (hello.version, hello.protocol) != (__version__, frames.PROTOCOL):
            self._fail(
                0,
                "engine",
                f"The window is desktop-vlm {hello.version} and its engine {__version__}; start the program again.",
            )

    def _load(self, job: frames.Load, engine: ModuleType) -> None:
        self._unload()
        self._progress(job.id, "load", 0.0)
        started = time.perf_counter()
        model: backend.Model = engine.load(
            job.model.text,
            job.model.mmproj,
            **({"draft_path": job.model.draft} if job.model.draft else {}),
            **vars(job.options),
            progress=lambda stage, fraction: self._progress(job.id, stage, fraction),
        )
        self._model = model
        loaded = describe(model, job, _devices(engine), time.perf_counter() - started)
        self._pipes.send(frames.Loaded(job.id, loaded))

    def _unload(self) -> None:
        model, self._model = self._model, None
        if model:
            model.close()

    def _chat(self, job: frames.Chat) -> None:
        if self._model is None:
            raise UserError("No model is loaded; choose one first.")
        try:
            self._check_stop(job.id)
            images = self._images_of(job)
            if images is None:
                return
            answer = self._model.chat(
                job.messages,
                images=images,
                max_tokens=job.max_tokens,
                stop=job.stop,
                drop_oldest=job.drop_oldest,
                progress=lambda stage, fraction: self._progress(job.id, stage, fraction),
                json_schema=job.json_schema,
                grammar=job.grammar,
                repeatable=job.repeatable,
                **job.sampling,
            )
            for chunk in answer:
                if chunk.text:
                    self._pipes.send(frames.Chunk(job.id, chunk.text))
                if chunk.finish_reason:
                    self._pipes.send(frames.Done(job.id, chunk.finish_reason, chunk.usage))
        except Cancelled:  # before the answer began; later the engine ends it itself
            self._pipes.send(frames.Done(job.id, "cancelled", None))

    def _images_of(self, job: frames.Chat) -> dict[str, OpenedImage] | None:
        """The images of a conversation, decoded; None where some have to be sent again, which is then said."""
        named = {image for message in job.messages for image in message.images}
        if named and self._model and self._model.capabilities.max_images == 0:
            raise UserError(NO_VISION)  # before anything is decoded
        if len(job.images) != len(job.blobs):
            raise frames.ProtocolError(f"{len(job.images)} names for {len(job.blobs)} images")
        for image, file in zip(job.images, job.blobs, strict=True):
            self._images.add(image, file)
            steps.count()
        missing = tuple(sorted(image for image in named if image not in self._images))
        if missing:
            self._pipes.send(frames.Missing(job.id, missing))
            return None
        return self._images.take(named)

    # What is reported meanwhile

    def _check_stop(self, job_id: int) -> None:
        if self._stopped_id == job_id:
            raise Cancelled("stopped")

    def _progress(self, job_id: int, stage: str, fraction: float) -> None:
        """Tell how far the job is, at most every 50 ms, and end it if it was stopped."""
        self._check_stop(job_id)
        last_stage, last_s = self._progress_sent
        now_s = time.monotonic()
        if stage == last_stage and now_s - last_s < _PROGRESS_S and 0 < fraction < 1:
            return
        self._progress_sent = (stage, now_s)
        self._pipes.send(frames.Progress(job_id, stage, min(max(fraction, 0.0), 1.0)))

    def _fail(self, job_id: int, blame: str, sentence: str) -> None:
        self._pipes.send(frames.Error(job_id, blame, sentence))


def _import_engine() -> ModuleType:
    """The engine, imported only when stdout is out of its reach and the window's end would be noticed.

    Raises:
        EngineError: llama-cpp-python is not of a version that we know.
    """
    try:
        with importing():
            from desktop_vlm import backend
            from desktop_vlm.runtime import llama

        llama.check()
    except (ImportError, OSError, RuntimeError, AttributeError):
        abi.check_installed()  # of another version, it may fail in ways that say nothing
        raise
    return backend


def describe(model: backend.Model, job: frames.Load, devices: tuple[DeviceMemory, ...], load_s: float) -> LoadedModel:
    """What the window learns about a model that was loaded."""
    on_cpu = model.n_gpu_layers == 0
    return LoadedModel(
        name=model.name,
        quantization=model.quantization,
        n_ctx=model.n_ctx,
        capabilities=model.capabilities,
        devices=devices,
        n_layers=model.n_layers,
        n_gpu_layers=model.n_gpu_layers,
        runs_on_cpu_despite_gpu=job.options.n_gpu_layers != 0 and on_cpu and _has_gpu(devices),
        placement=model.placement,
        load_s=load_s,
        text_bytes=job.model.text.stat().st_size,
        mmproj_bytes=job.model.mmproj.stat().st_size if job.model.mmproj else 0,
    )


# The machine


def _devices(engine: ModuleType) -> tuple[DeviceMemory, ...]:
    found: list[backend.Device] = engine.devices()
    return tuple(DeviceMemory(device.name, device.description, device.is_gpu, *device.memory()) for device in found)


def _has_gpu(devices: tuple[DeviceMemory, ...]) -> bool:
    """Whether the machine has a GPU to compute on, known to ggml or, where only the system knows it, not."""
    return any(device.is_gpu for device in devices) or any(gpu.could_help for gpu in installed_gpus())


def _rss_bytes() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return None


# The process


def _log_bug(*, with_text: bool) -> None:
    """The current exception's traceback for the log; its text only where it cannot quote a conversation."""
    kind, error, trace = sys.exc_info()
    where = "".join(traceback.format_tb(trace))
    what = f"{kind.__name__ if kind else ''}{f': {error}' if with_text else ''}"
    print(f"bug in the engine's process:\n{where}{what}", file=sys.stderr, flush=True)


def _end_without_its_gpu() -> NoReturn:
    """End as ggml would have where nothing caught its exception: only another process gets the GPU again."""
    print("device lost", file=sys.stderr, flush=True)
    os.abort()


def main() -> int:
    """Run the worker on this process's stdin and stdout."""
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToEngine))
    prepare_process()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    return Worker(pipes).run()


if __name__ == "__main__":
    sys.exit(main())
