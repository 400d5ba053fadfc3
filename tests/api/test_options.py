"""The files of a model."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.api.options import ModelRef


def test_the_files_of_a_model_are_all_its_parts_and_its_projector() -> None:
    text, mmproj = Path("/models/x.gguf"), Path("/else/x-mmproj.gguf")
    assert ModelRef(text).files == (text,)
    assert ModelRef(text, mmproj).files == (text, mmproj)
    first = Path("/models/x-00001-of-00003.gguf")
    parts = [first, first.with_name("x-00002-of-00003.gguf"), first.with_name("x-00003-of-00003.gguf")]
    assert ModelRef(first, mmproj).files == (*parts, mmproj)
    assert ModelRef(parts[1]).files == (parts[1],)  # which is refused when it is loaded
    assert len(ModelRef(Path("x-00001-of-99999.gguf")).files) == 1000
