"""Two Vulkan devices of one machine: which are used, what `doctor` says of them, and that their answers are right.

Both are lavapipe, and say what they are and have as `faulty_driver.c` has them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from desktop_vlm.convert import ModelFiles
from tests.vulkan.driver import compile_driver, environment, two_devices, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())

TOLERANCE = 5e-2
"""As of `tests/test_gpu.py` in half precision."""


@dataclass(frozen=True)
class Machine:
    """What the devices say of themselves, and what follows: which are used, by index, and how they share layers."""

    kinds: str
    shown_mib: str
    used: tuple[int, ...]
    shares: bool
    layers: dict[str, int]


MACHINES = {
    "a laptop": Machine("integrated,discrete", "6000,4000", (1,), False, {"Vulkan1": 6}),
    "two discrete": Machine("discrete,discrete", "4000,2000", (0, 1), False, {"Vulkan0": 4, "Vulkan1": 2}),
    "two integrated": Machine("integrated,integrated", "3000,3000", (0, 1), True, {"Vulkan0": 3, "Vulkan1": 3}),
}


@pytest.fixture(scope="module")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("two")
    return environment(compile_driver(folder)) | two_devices(folder)


def run(drivers: dict[str, str], machine: Machine, *command: str) -> str:
    settings = drivers | {"VULKAN_KINDS": machine.kinds, "VULKAN_SHOWN_MIB": machine.shown_mib}
    done = subprocess.run(
        [sys.executable, "-m", *command], env=os.environ | settings, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def names(machine: Machine) -> list[list[str]]:
    called = {"integrated": "Intel(R) Graphics", "discrete": "AMD Radeon"}
    return [[f"Vulkan{n}", f"{called[kind]} {n}"] for n, kind in enumerate(machine.kinds.split(","))]


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_models_are_put_where_the_planner_says_and_answer_right(
    machine: Machine, drivers: dict[str, str], model_files: Callable[..., ModelFiles]
) -> None:
    files = model_files("alpha")
    found: dict[str, Any] = json.loads(
        run(drivers, machine, "tests.vulkan.placement", str(files.text), str(files.mmproj))
    )
    print(found)
    shown = [int(mib) for mib in machine.shown_mib.split(",")]
    assert found["devices"] == names(machine)
    assert found["used"] == [f"Vulkan{n}" for n in machine.used]
    assert [*map(int, found["free_mib"])] == [shown[n] for n in machine.used]
    assert found["shares"] == [machine.shares] * len(machine.used)
    assert found["layers"] == machine.layers
    assert found["deviation"] <= TOLERANCE


def test_doctor_names_the_one_that_is_left_alone(drivers: dict[str, str]) -> None:
    found = [
        " ".join(line.split()) for line in run(drivers, MACHINES["a laptop"], "desktop_vlm", "doctor").splitlines()
    ]
    print("\n".join(found))
    assert found[found.index("Vulkan0 Intel(R) Graphics 0 5.9 of 5.9 GiB free") + 1] == "no model is put on it"
    assert "Vulkan1 AMD Radeon 1 3.9 of 3.9 GiB free" in found
    assert found[-1] == "Models run on Vulkan1 as far as they fit."
