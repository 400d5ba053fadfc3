"""The engine's process, confined as the window has it, on Vulkan: on lavapipe, or the driver of `VK_DRIVER_FILES`.

Without Qt, so that it runs on machines whose GPU has no screen.
"""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm import backend
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.convert import ModelFiles
from desktop_vlm.service import frames
from desktop_vlm.service.child import DEVICE_LOST, why_it_ended
from tests.checkpoints import CHECKPOINTS, model_images
from tests.service.test_worker import HELLO, Child
from tests.vulkan.driver import compile_driver, environment, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Starts a process behind the faulty driver, which has the faults that are asked for, or none."""
    started: list[Child] = []

    def make(**faults: object) -> Child:
        words = [f"{name}={value}" for name, value in environment(compile_driver(tmp_path), **faults).items()]
        started.append(Child("/usr/bin/env", *words, sys.executable, "-m", "desktop_vlm.service.worker"))
        started[-1].send(HELLO)
        return started[-1]

    yield make
    for child in started:
        child.process.kill()
        child.process.communicate()


@pytest.fixture(scope="module")
def files(model_files: Callable[..., ModelFiles]) -> ModelFiles:
    return model_files("alpha", "F16")


@pytest.fixture(scope="module")
def png() -> bytes:
    file = io.BytesIO()
    model_images(CHECKPOINTS["alpha"])["wide"].image().save(file, "PNG")
    return file.getvalue()


def test_it_answers_as_the_backend_does(start: Callable[..., Child], files: ModelFiles, png: bytes) -> None:
    child = start()
    loaded = child.wait_for(frames.Loaded, child.load(files.text, files.mmproj, n_gpu_layers=-1)).model
    job = child.chat(ChatMessage.of("user", "What is this?", "wide"), images={"wide": png})
    child.wait_for(frames.Done, job)
    with backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1) as model:
        parts = [{"type": "image", "image": png}, {"type": "text", "text": "What is this?"}]
        chunks = model.chat([{"role": "user", "content": parts}], max_tokens=12, temperature=0)
        assert child.text(job) == "".join(chunk.text for chunk in chunks) != ""
    assert loaded.n_gpu_layers == loaded.n_layers
    assert "Vulkan0" in loaded.placement


@pytest.mark.parametrize("submission", [1, 5])
def test_it_ends_with_its_gpu_and_says_why(
    submission: int, start: Callable[..., Child], files: ModelFiles, png: bytes, tmp_path: Path
) -> None:
    """GIVEN a loss once a model is there: text alone, and while an image is seen."""
    armed = tmp_path / "armed"
    child = start(LOST_AT=submission, ARMED=armed)
    child.wait_for(frames.Loaded, child.load(files.text, files.mmproj, n_gpu_layers=-1))
    armed.write_text("now", encoding="ascii")
    child.chat(ChatMessage.of("user", "What is this?", "wide"), images={"wide": png})
    assert child.process.wait(600) == -signal.SIGABRT
    assert why_it_ended(signal.SIGABRT, crashed=True, log=child.errors().splitlines()) == DEVICE_LOST
