"""The epsilon that llama.cpp forgets to read is in the model nevertheless."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_vlm.api.errors import EngineError
from desktop_vlm.convert import convert
from desktop_vlm.runtime import llama, norm_epsilon
from desktop_vlm.runtime.text_model import TextModel
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.goldens import deviation

GOLDEN = Path(__file__).parents[1] / "golden" / "families"


@pytest.fixture(scope="module")
def text_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2.5-VL whose norms' epsilon, 0.05, is as large as its hidden states."""
    folder = build_family(FAMILY_CHECKPOINTS["qwen-epsilon"], tmp_path_factory.mktemp("qwen") / "qwen-epsilon")
    return convert(folder, folder.parent / "out", text_type="F32", vision_type="F32").text


def test_llama_cpp_forgets_the_number_and_it_is_put_there(text_path: Path) -> None:
    """GIVEN the library as it is, which leaves 0 THEN the number of the file stands there afterwards."""
    params = llama.llama_model_default_params()
    params.n_gpu_layers = 0
    model = llama.llama_model_load_from_file(str(text_path).encode(), params)
    place = ctypes.cast(model + norm_epsilon._offset(), ctypes.POINTER(ctypes.c_float))
    assert place[0] == 0  # once it is not, norm_epsilon is needed no more
    norm_epsilon.restore(model, "llama", text_path)
    assert place[0] == 0
    norm_epsilon.restore(model, "qwen2vl", text_path)
    assert place[0] == np.float32(0.05)
    place[0] = 0.25
    norm_epsilon.restore(model, "qwen2vl", text_path)
    assert place[0] == 0.25  # what the library read itself is left alone
    llama.llama_model_free(model)


def test_logits_are_those_of_transformers(text_path: Path) -> None:
    with np.load(GOLDEN / "qwen-epsilon_logits.npz") as golden:
        model = TextModel(
            text_path,
            n_ctx=64,
            n_batch=16,
            n_gpu_layers=0,
            n_threads=2,
            kv_type=None,
            should_stop=lambda: False,
        )
        found = model.decode(golden["text.ids"].tolist(), 0, outputs="all", handlers={})
        model.close()
        assert deviation(found, golden["text.logits"]) < 1e-5


def test_the_place_is_found_by_a_process_that_may_write_nowhere() -> None:
    """GIVEN an engine as the window has it THEN a Qwen2.5-VL is loaded there as well."""
    program = """
from desktop_vlm.system.sandbox import Needs, confine
confine(Needs())
from desktop_vlm.runtime import norm_epsilon
print(norm_epsilon._offset())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.split() == [str(norm_epsilon._offset())], done.stderr


def test_an_unknown_library_is_reported(monkeypatch: pytest.MonkeyPatch, text_path: Path) -> None:
    norm_epsilon._offset.cache_clear()
    monkeypatch.setattr(norm_epsilon, "_places", lambda epsilon: {int(epsilon * 1e6)})
    with pytest.raises(EngineError, match="could not be put right; install the version"):
        norm_epsilon.restore(1, "qwen2vl", text_path)
    norm_epsilon._offset.cache_clear()
