"""What `make run` does: opens the window; with no screen, the demo model answers on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_vlm.cli.main import main
from desktop_vlm.ui.desktop.session import has_display

ROOT = Path(__file__).parent.parent
SCREENSHOT = ROOT / "assets" / "demo" / "screenshot.png"
QUESTIONS = ("Which buttons are there?", "Read the message.")


def run() -> int:
    """Open the window, or show the image's name, the questions and the streamed answers."""
    if has_display():
        return main(["window"])
    print(f"There is no screen here, so no window.\nImage:    {SCREENSHOT.relative_to(ROOT)}", flush=True)
    for question in QUESTIONS:
        print(f"\nQuestion: {question}\nAnswer:   ", end="", flush=True)
        code = main(["ask", "--temperature", "0", "--max-tokens", "80", str(SCREENSHOT), question])
        if code:
            return code
    print(
        "\nThis small demo model reads simple windows and knows little else (assets/demo/README.md). With a real model:"
    )
    print('  desktop-vlm ask --model FOLDER image.png "What does the error say?"')
    return 0


if __name__ == "__main__":
    sys.exit(run())
