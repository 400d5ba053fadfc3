"""The two networks of RapidOCR's wheel on onnxruntime: one finds text, one reads a line of it.

Only the wheel's files are used. Its Python takes a second and a half to import, most of it for downloads that never
happen here, and reads whole images at once; what it does around the networks is in `detection` and `line_reading`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError, UserError

Values: TypeAlias = "NDArray[np.float32]"
Pixels: TypeAlias = "NDArray[np.uint8]"

PACKAGES = ("rapidocr", "onnxruntime", "cv2")
DETECTION_MODEL = "PP-OCRv6_det_small.onnx"
READING_MODEL = "PP-OCRv6_rec_small.onnx"

MISSING = "The text of images cannot be read here: install it with `pip install 'desktop-vlm[text]'`."


def is_installed() -> bool:
    """Whether the packages of the extra `text` are here; none of them is imported."""
    return all(importlib.util.find_spec(name) is not None for name in PACKAGES)


def model_path(name: str) -> Path:
    """A network's file in RapidOCR's wheel.

    Raises:
        UserError: the extra is not installed, or its version brings other networks.
    """
    package = importlib.util.find_spec("rapidocr")
    if package is None or package.origin is None or not is_installed():
        raise UserError(MISSING)
    path = Path(package.origin).parent / "models" / name
    if not path.is_file():
        raise UserError(
            f"The installed rapidocr has no {name}: install the right one with `pip install 'desktop-vlm[text]'`."
        )
    return path


class Network:
    """One ONNX file, run on the CPU by the thread that asks; several threads may at once.

    That costs a quarter less than one question after the other on all cores.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime  # optional, and it loads native code

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # memory goes back to the system after each image
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has an exception for each of its codes, with no base of their own
            raise EngineError(f"The OCR network {path.name} cannot be loaded: {error}") from error
        self._input = self._session.get_inputs()[0].name

    def __call__(self, batch: Values) -> Values:
        """One batch, [n, 3, height, width] -> the network's only output.

        Raises:
            EngineError: onnxruntime failed, for want of memory for example.
        """
        try:
            result: Values = self._session.run(None, {self._input: batch})[0]
        except Exception as error:
            raise EngineError(f"The OCR engine failed: {error}") from error
        return result

    def metadata(self, key: str) -> str:
        found: dict[str, Any] = self._session.get_modelmeta().custom_metadata_map
        return str(found[key])
