"""GPUs by their specifications: rates as data sheets name them, and finding one by what it is called."""

from __future__ import annotations

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.diagnostics.prediction.gpu_models import find_gpu, gpu_models


@pytest.mark.parametrize(
    ("name", "f16_tflops", "int8_tops"),
    [
        ("RTX 2080 Ti", 53.8, 215.2),
        ("RTX 3090", 71.2, 284.7),
        ("RTX A4000", 76.7, 153.4),
        ("RTX 4090", 165.2, 660.6),
        ("RTX 5090", 209.5, 838.0),
        ("H200", 989.4, 1978.9),
    ],
)
def test_rates_are_those_of_the_data_sheets(name: str, f16_tflops: float, int8_tops: float) -> None:
    gpu = find_gpu(name)
    assert gpu.f16_flops_per_s / 1e12 == pytest.approx(f16_tflops, rel=2e-3)
    assert gpu.int8_ops_per_s / 1e12 == pytest.approx(int8_tops, rel=2e-3)


def test_every_gpu_is_found_by_its_own_name_and_is_of_this_world() -> None:
    names = [gpu.name for gpu in gpu_models()]
    assert [find_gpu(name).name for name in names] == names
    for gpu in gpu_models():
        assert 4 <= gpu.memory_gib <= 141
        assert 150e9 <= gpu.bytes_per_s <= 4.8e12
        assert 0.8e9 <= gpu.clock_hz[0] <= gpu.clock_hz[1] <= 3.2e9
        assert gpu.is_laptop == (gpu.clock_hz[0] < gpu.clock_hz[1])


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("rtx4060", "GeForce RTX 4060"),
        ("4060", "GeForce RTX 4060"),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", "GeForce RTX 4060 Laptop"),
        ("RTX 4070 Mobile", "GeForce RTX 4070 Laptop"),
        ("GeForce RTX 2070 with Max-Q Design", "GeForce RTX 2070 Laptop"),
        ("rtx 4060 ti 16gb", "GeForce RTX 4060 Ti 16 GB"),
        ("AMD Radeon RX 7900 XTX", "Radeon RX 7900 XTX"),
        ("Intel(R) Arc(TM) B580 Graphics", "Arc B580"),
        ("NVIDIA RTX A6000", "RTX A6000"),
    ],
)
def test_a_gpu_is_found_by_what_people_and_drivers_call_it(called: str, name: str) -> None:
    assert find_gpu(called).name == name


def test_of_several_with_one_name_the_memory_decides() -> None:
    assert find_gpu("NVIDIA GeForce RTX 3060", memory_bytes=12 * 10**9).name == "GeForce RTX 3060 12 GB"
    with pytest.raises(UserError, match=r"several .*: GeForce RTX 3060 8 GB or GeForce RTX 3060 12 GB\.$"):
        find_gpu("RTX 3060")


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("RTX 4061", "No GPU RTX 4061 is known here; did you mean GeForce RTX 4060"),
        ("GeForce 4070 Tx", "did you mean GeForce RTX 4070"),
        (
            "no such thing " * 20,
            r"No GPU no such thing no such .*\.\.\. is known here; `desktop-vlm bench --predict list`",
        ),
        ("", 'No GPU "" is known'),
    ],
)
def test_an_unknown_name_gets_a_sentence_with_near_names(called: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        find_gpu(called)
    assert len(str(caught.value)) < 300
