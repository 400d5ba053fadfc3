"""Promise 3: a malformed model file gives one sentence that names the file and the field, and ends nothing.

A fixed slice of what `python -m tests.fuzz.gguf` does by the thousand (docs/promises.md).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles

SUBJECTS = ("mllama", "llava", "pixtral", "qwen")
EACH = 63
"""Damaged language models, and as many vision projectors, of each subject."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each damaged file is loaded in a process of its own")
def test_malformed_files_are_refused_in_a_sentence_or_answer(
    model_files: Callable[..., ModelFiles], tmp_path: Path
) -> None:
    mllama = tmp_path / "subjects" / "mllama"
    mllama.mkdir(parents=True)
    shutil.copyfile(model_files("alpha").text, mllama / "text.gguf")
    shutil.copyfile(model_files("alpha").mmproj, mllama / "mmproj.gguf")
    command = [sys.executable, "-m", "tests.fuzz.gguf", "--seed", "17", "--count", str(EACH * len(SUBJECTS))]
    command += ["--most-loads", "1", "--folder", str(tmp_path)]
    command += [word for name in SUBJECTS for word in ("--subject", name)]
    found = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert found.stdout == ""  # the bad ones, one a line
    assert found.returncode == 0, found.stderr[-2000:]
    numbers = {kind: int(count) for kind, count in re.findall(r"'((?:text|mmproj) \w+)': (\d+)", found.stderr)}
    assert sum(numbers.values()) == 2 * EACH * len(SUBJECTS) >= 500
    assert numbers["text refused"] > 2 * EACH
    assert numbers["mmproj refused"] > 2 * EACH
    # The loader had its share, too, and what it was given it either ran or refused.
    assert numbers["text admitted"] + numbers["mmproj admitted"] > EACH
