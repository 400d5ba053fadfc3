"""Which packages of the extra are there."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest

from desktop_vlm.system.text_extra import installed_versions, missing_packages


def test_everything_is_there() -> None:
    assert missing_packages() == ()
    found = dict(installed_versions())
    assert set(found) == {"rapidocr", "onnxruntime", "opencv-python-headless", "zxing-cpp"}
    assert found["rapidocr"] == version("rapidocr")


def test_what_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rapidocr", "zxingcpp"):
        monkeypatch.setitem(sys.modules, module, None)
    assert missing_packages() == ("rapidocr",)  # codes are extra
    assert [name for name, _ in installed_versions()] == ["onnxruntime", "opencv-python-headless"]
