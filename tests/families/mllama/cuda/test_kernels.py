"""The PTX in the repository: made from the source as it is, and readable to the drivers that it is meant for."""

from __future__ import annotations

import re

from desktop_vlm.families.mllama.cuda.encoder_layer import _KERNELS
from desktop_vlm.families.mllama.cuda.kernels import PTX, source_mark
from desktop_vlm.families.mllama.cuda.requirements import LEAST_CAPABILITY

TEXT = PTX.read_text(encoding="ascii")


def test_it_was_compiled_from_the_source_as_it_is() -> None:
    assert TEXT.splitlines()[0] == source_mark(), "run: python -m tools.compile_kernels"


def test_it_has_every_kernel() -> None:
    assert set(re.findall(r"\.entry (\w+)\(", TEXT)) == set(_KERNELS)


def test_drivers_and_gpus_of_some_age_can_run_it() -> None:
    target = re.findall(r"^\.target (.+)$", TEXT, re.MULTILINE)
    assert target == ["sm_{}{}".format(*LEAST_CAPABILITY)] == ["sm_80"]
    (version,) = re.findall(r"^\.version (\d+)\.(\d+)$", TEXT, re.MULTILINE)
    assert tuple(map(int, version)) <= (8, 1)  # CUDA 12.1
