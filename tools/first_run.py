"""What `make run` does: answer a question about the bundled screenshot on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_vlm.cli import main
from tools.blind_adapter import make

ROOT = Path(__file__).parent.parent
SCREENSHOT = ROOT / "assets" / "error-dialog.png"
QUESTION = "What does this dialog tell me to do?"


def run() -> int:
    """Show the question, the picture's name and the streamed answer."""
    text, mmproj = make(ROOT / "build" / "blind-demo")
    print("No trained demo model is bundled yet. This one is SmolLM2 with an untrained adapter: it runs the")
    print("whole engine on the picture, but it cannot see, so the answer is SmolLM2's guess.\n")
    print(f"Picture:  {SCREENSHOT.relative_to(ROOT)}\nQuestion: {QUESTION}\n", flush=True)
    model = ["--model", str(text), "--mmproj", str(mmproj)]
    return main(["ask", *model, "--max-tokens", "80", "--temperature", "0", "--stats", str(SCREENSHOT), QUESTION])


if __name__ == "__main__":
    sys.exit(run())
