"""What `make run` does: opens the window; with no screen, the demo model answers on the terminal, and text is read."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.cli.main import main
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.service.reader_client import Page, ReaderClient
from desktop_vlm.ui.desktop.session import has_display

ROOT = Path(__file__).parent.parent
SCREENSHOT = ROOT / "assets" / "demo" / "screenshot.png"
QUESTIONS = ("Which buttons are there?", "Read the message.")
LARGE_SCREENSHOT = ROOT / "docs" / "screenshots" / "error.png"
"""Too large for the demo model."""
_SHOWN_LINES = 12


def run() -> int:
    """Open the window, or show the image's name, the questions and the streamed answers, and the text of another."""
    if has_display():
        return main(["window"])
    print(f"There is no screen here, so no window.\nImage:    {SCREENSHOT.relative_to(ROOT)}", flush=True)
    for question in QUESTIONS:
        print(f"\nQuestion: {question}\nAnswer:   ", end="", flush=True)
        code = main(["ask", "--temperature", "0", "--max-tokens", "80", str(SCREENSHOT), question])
        if code:
            return code
    print("\n" + text_of(LARGE_SCREENSHOT), flush=True)
    print(
        "\nThis small demo model reads simple windows and knows little else (assets/demo/README.md). With a real model:"
    )
    print('  desktop-vlm ask --model FOLDER image.png "What does the error say?"')
    return 0


def text_of(path: Path) -> str:
    """What is read in a screenshot of any size, as it is shown here; or why nothing is."""
    name = path.relative_to(ROOT).as_posix()
    try:
        with ReaderClient() as client:
            pages = [page for page in client.read(path.read_bytes(), name) if isinstance(page, Page)]
    except (UserError, EngineError) as error:
        return f"Text:     {error}"
    lines = [line for page in pages for line in plain_text(page.layer).splitlines() if line.strip()]
    more = f"\n  ({len(lines) - _SHOWN_LINES} more lines: desktop-vlm read {name})" if len(lines) > _SHOWN_LINES else ""
    shown = "\n".join(f"  {line}" for line in lines[:_SHOWN_LINES])
    return f"Text:     {name}, read by OCR on this computer, without a model\n{shown}{more}"


if __name__ == "__main__":
    sys.exit(run())
