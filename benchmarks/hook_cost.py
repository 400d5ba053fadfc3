"""What the hook costs on a real text model: SmolLM2-135M beside itself in plain llama.cpp, on the processor."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_vlm.cli import main
from tools.blind_adapter import make

ROOT = Path(__file__).parent.parent


def run(options: list[str]) -> int:
    """Run `desktop-vlm bench` on SmolLM2 with the blind adapter."""
    text, mmproj = make(ROOT / "build" / "blind-demo")
    return main(["bench", "--model", str(text), "--mmproj", str(mmproj), "--gpu-layers", "0", *options])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
