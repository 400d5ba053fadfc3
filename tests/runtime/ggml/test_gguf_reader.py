"""Reading headers that nobody vouches for: every number is compared with what the file can hold."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf

STRING, ARRAY, U32, F32 = 8, 9, 4, 6
HUGE = (1 << 63) - 8


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def setting(key: bytes, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def tensor(name: bytes, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def header(
    settings: list[bytes], tensors: list[bytes], *, version: int = 3, counts: tuple[int, int] | None = None
) -> bytes:
    n_tensors, n_settings = counts or (len(tensors), len(settings))
    head = b"GGUF" + struct.pack("<IQQ", version, n_tensors, n_settings) + b"".join(settings) + b"".join(tensors)
    return head + bytes(-len(head) % 32)


ARCH = setting(b"general.architecture", STRING, text(b"llama"))

DAMAGE = {
    "version": (header([ARCH], [], version=7), "version 7"),
    "big-endian": (header([ARCH], [], version=3 << 24), "version 50331648"),
    "many settings": (header([ARCH], [], counts=(0, HUGE)), f"the number of settings is {HUGE}"),
    "many tensors": (header([ARCH], [], counts=(HUGE, 1)), f"the number of tensors is {HUGE}"),
    "settings missing": (header([ARCH], [], counts=(0, 40)), "setting"),
    "long key": (header([struct.pack("<Q", HUGE)], []), f"the name of setting 1 has {HUGE} bytes"),
    "key is no text": (header([setting(b"\xff\xfe", U32, bytes(4))], []), "the name of setting 1 is no text"),
    "key with a line break": (header([setting(b"a\nb", U32, bytes(4))], []), "the name of setting 1 is no text"),
    "same key twice": (header([ARCH, ARCH], []), "the setting `general.architecture` twice"),
    "unknown type": (header([setting(b"a", 77, bytes(4))], []), "the setting `a` has the unknown type 77"),
    "long text": (header([setting(b"a", STRING, struct.pack("<Q", HUGE))], []), "it ends inside the setting `a`"),
    "long list": (header([setting(b"a", ARRAY, struct.pack("<IQ", F32, HUGE))], []), "the setting `a` claims"),
    "long list of texts": (header([setting(b"a", ARRAY, struct.pack("<IQ", STRING, 1 << 40))], []), "`a` claims"),
    "text in a list": (
        header([setting(b"a", ARRAY, struct.pack("<IQ", STRING, 2) + text(b"x") + struct.pack("<Q", HUGE))], []),
        "it ends inside the setting `a`",
    ),
    "list of lists": (header([setting(b"a", ARRAY, struct.pack("<IQ", ARRAY, 1))], []), "`a` is a list of lists"),
    "alignment": (header([setting(b"general.alignment", U32, struct.pack("<I", 24))], []), "`general.alignment` is 24"),
    "long name": (header([], [tensor(b"n" * 65, (1,))]), "the name of tensor 1 has 65 bytes"),
    "same tensor twice": (header([], [tensor(b"t", (1,))] * 2), "the tensor `t` twice"),
    "no dimensions": (header([], [tensor(b"t", ())]), "the tensor `t` has 0 dimensions"),
    "nine dimensions": (header([], [tensor(b"t", (1,) * 9)]), "the tensor `t` has 9 dimensions"),
    "no values": (header([], [tensor(b"t", (4, 0))]), r"the tensor `t` has the size \[4, 0\]"),
    "overflow": (header([], [tensor(b"t", (1 << 40, 1 << 40))]), "the tensor `t` has the size"),
    "tensor's type": (header([], [tensor(b"t", (32,), 99)]), "the tensor `t` has the unknown type 99"),
    "no whole blocks": (header([], [tensor(b"t", (33,), 8)]), "`t` has rows of 33 values, no whole blocks of Q8_0"),
    "unaligned": (header([], [tensor(b"t", (4,), 0, 5)]), "the tensor `t` is not at a multiple of 32 bytes"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_is_named(case: str, tmp_path: Path) -> None:
    raw, sentence = DAMAGE[case]
    path = tmp_path / "model.gguf"
    path.write_bytes(raw)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match=sentence) as refused:
            read_gguf(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20  # whatever the numbers say
    finally:
        tracemalloc.stop()
    assert str(path) in str(refused.value)


DATA_DAMAGE = {
    "beyond the end": ([tensor(b"t", (32,), 0, 0)], 100, "it ends inside the tensor `t`"),
    "far away": ([tensor(b"t", (32,), 0, 1 << 50)], 128, "it ends inside the tensor `t`"),
    "overlap": ([tensor(b"a", (16,)), tensor(b"b", (16,), 0, 32)], 128, "`a` and `b` overlap"),
    "same place": ([tensor(b"a", (8,)), tensor(b"b", (8,))], 128, "`a` and `b` overlap"),
}


@pytest.mark.parametrize("case", DATA_DAMAGE)
def test_tensors_lie_in_the_file_side_by_side(case: str, tmp_path: Path) -> None:
    tensors, n_bytes, sentence = DATA_DAMAGE[case]
    path = tmp_path / "model.gguf"
    path.write_bytes(header([ARCH], tensors) + bytes(n_bytes))
    with pytest.raises(UserError, match=sentence):
        read_gguf(path).check_data()


def test_it_reads_what_the_reference_reads(model_files: Callable[..., ModelFiles]) -> None:
    for path in (model_files("alpha").text, model_files("alpha", "Q4_K_M").mmproj):
        file, reference = read_gguf(path), gguf.GGUFReader(path)
        keys = [key for key in reference.fields if not key.startswith("GGUF.")]
        assert list(file.settings) == keys
        assert {key: file.value(key) for key in keys} == {key: reference.fields[key].contents() for key in keys}
        assert {name: (at.type, at.shape, at.offset, at.n_bytes) for name, at in file.tensors.items()} == {
            one.name: (one.tensor_type, tuple(map(int, one.shape)), int(one.data_offset), int(one.n_bytes))
            for one in reference.tensors
        }
        file.check_data()


def test_every_prefix_of_a_header_is_refused_or_read(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    whole = model_files("alpha").mmproj.read_bytes()
    end = len(read_gguf(model_files("alpha").mmproj).header)
    path = tmp_path / "cut.gguf"
    for keep in [*range(0, 400, 7), *range(400, end, 499), end - 1]:
        path.write_bytes(whole[:keep])
        with pytest.raises(UserError, match=r"cut\.gguf"):
            read_gguf(path)


def test_random_damage_is_a_sentence_or_harmless(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    whole = bytearray(model_files("alpha").text.read_bytes())
    end = len(read_gguf(model_files("alpha").text).header)
    random = np.random.RandomState(3)
    path = tmp_path / "damaged.gguf"
    refused = 0
    for _ in range(80):
        broken = bytearray(whole)
        for at in random.randint(4, end, 3):
            broken[at] = random.randint(256)
        path.write_bytes(broken)
        try:
            everything_of(read_gguf(path))
        except UserError as error:
            refused += 1
            assert "damaged.gguf" in str(error)  # noqa: PT017 - most damage is an error, some is harmless
    assert refused > 8


def everything_of(file: GgufFile) -> None:
    for key in file.settings:
        file.value(key)
    file.check_data()


def test_listing_models_loads_no_native_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, desktop_vlm.models.ollama_folder, desktop_vlm.runtime.ggml.gguf_header; "
        "print('llama_cpp' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
