"""What `make run` does: the demo model answers questions about the bundled screenshot on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_vlm.cli import main

ROOT = Path(__file__).parent.parent
SCREENSHOT = ROOT / "assets" / "demo" / "screenshot.png"
QUESTIONS = ("Which buttons are there?", "Read the message.")


def run() -> int:
    """Show the picture's name, the questions and the streamed answers."""
    print(f"Picture:  {SCREENSHOT.relative_to(ROOT)}", flush=True)
    for question in QUESTIONS:
        print(f"\nQuestion: {question}\nAnswer:   ", end="", flush=True)
        code = main(["ask", "--temperature", "0", "--max-tokens", "80", str(SCREENSHOT), question])
        if code:
            return code
    print("\nThis small demo model reads short texts, with mistakes; see assets/demo/README.md. With a real model:")
    print('  desktop-vlm ask --model FOLDER picture.png "What does the error say?"')
    return 0


if __name__ == "__main__":
    sys.exit(run())
