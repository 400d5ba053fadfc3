"""From a checkpoint's folder to logits: what the converter writes is what the runner wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop_vlm import backend
from desktop_vlm.convert import convert
from desktop_vlm.families.registry import chat_format_of, family_of, read_headers
from desktop_vlm.runtime.chat_format import render
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.families.mtmd.conftest import session_of
from tests.families.mtmd.test_chat_formats import GOLDEN, turns_of
from tests.families.mtmd.test_goldens import PROMPTS, TOLERANCE, golden, ids, images
from tests.golden.make_family_inputs import CONVERSATIONS
from tests.goldens import deviation

Converted = Callable[[str], backend.Model]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    loaded: dict[str, backend.Model] = {}
    root = tmp_path_factory.mktemp("converted")

    def load(name: str) -> backend.Model:
        if name not in loaded:
            folder = build_family(FAMILY_CHECKPOINTS[name], root / name)
            files = convert(folder, root / f"{name}-gguf", text_type="F32", vision_type="F32")
            loaded[name] = backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1)
        return loaded[name]

    return load


@pytest.mark.parametrize("name", FAMILY_CHECKPOINTS)
def test_logits_are_those_of_transformers(converted: Converted, name: str) -> None:
    model = converted(name)
    same = "pixtral" if name == "pixtral-mistral" else name
    arrays = golden(same)
    assert model.n_vocab == FAMILY_CHECKPOINTS[name].vocab_size
    assert model.capabilities.family == FAMILY_CHECKPOINTS[name].family
    for prompt in PROMPTS:
        found = model.logits(ids(model, arrays, prompt, same), images(arrays, prompt))
        assert deviation(found, arrays[f"{prompt}.logits"]) < TOLERANCE, prompt


@pytest.mark.parametrize("name", GOLDEN)
def test_conversations_are_written_as_transformers_does(converted: Converted, name: str) -> None:
    text = session_of(converted(name)).text
    projector = session_of(converted(name)).projector
    assert projector is not None
    family = family_of(read_headers(text.path, projector.path))
    for which, expected in GOLDEN[name].items():
        turns = turns_of(CONVERSATIONS[which])
        tokens, _ = render(chat_format_of(family, text), family.arrange, text, text.n_vocab, turns)
        assert [-1 if token == text.n_vocab else token for token in tokens] == expected


def test_limits_of_an_images_size_come_from_the_checkpoint(tmp_path: Path) -> None:
    from tests.checkpoints.families import pixtral, qwen

    small = {"pixtral": pixtral(image_size=128), "qwen": qwen(min_pixels=28 * 28 * 9, max_pixels=28 * 28 * 20)}
    found = {}
    for name, checkpoint in small.items():
        files = convert(build_family(checkpoint, tmp_path / name), tmp_path / f"{name}-gguf", text_type="F32")
        with backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1) as model:
            sizing = model.capabilities.sizing
            assert sizing is not None
            found[name] = [sizing.measure(*size) for size in ((1000, 500), (10, 10))]
            assert np.isfinite(model.next_logits([model.n_vocab, 5], images(golden("qwen"), "first"))).all()
    assert [(one.width, one.height) for one in found["pixtral"]] == [(128, 64), (16, 16)]
    assert [(one.width, one.height) for one in found["qwen"]] == [(168, 84), (84, 84)]
