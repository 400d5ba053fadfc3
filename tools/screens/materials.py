"""What screenshots are about: dialogs, a receipt, a formula, a failing build, and answers to put beside them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.markdown.formula import lay_out
from desktop_vlm.ui.markdown.formula import draw_formula

FORMULA = r"""$$\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}$$

The picture shows the Gaussian integral. Its square is

$$\left(\int_{-\infty}^{\infty} e^{-x^2} dx\right)^2 = \int_0^{2\pi}\!\int_0^{\infty} e^{-r^2}\, r\,dr\,d\theta = \pi$$

so the value is $\sqrt{\pi} \approx 1.7725$."""

MARKDOWN = """The build stops in **`test_parser.py`**: the parser gets `None` where it expects a line.

```python
def parse(line: str | None) -> list[str]:
    if line is None:  # the file ended without a newline
        return []
    return line.rstrip().split(",")
```

| where | what happens | how often |
|:--|:--|--:|
| line 12 | `None` at the end of the file | 1 |
| line 31 | a field too many | 3 |

1. Return an empty list for `None`.
2. Add a test with a file that does not end with a newline."""


def dialog(title: str, message: str, *buttons: str) -> QPixmap:
    """A dialog of a program of today."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(22, 18, 22, 16)
    heading = QLabel(title)
    font = QFont(heading.font())
    font.setBold(True)
    heading.setFont(font)
    column.addWidget(heading)
    column.addWidget(QLabel(message))
    row = QHBoxLayout()
    row.addStretch(1)
    for name in buttons:
        row.addWidget(QPushButton(name))
    column.addLayout(row)
    return window.grab()


def progress(text: str, part: int) -> QPixmap:
    """A window in which something is copied."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(22, 18, 22, 18)
    column.addWidget(QLabel(text))
    bar = QProgressBar()
    bar.setMinimumWidth(300)
    bar.setValue(part)
    column.addWidget(bar)
    column.addWidget(QPushButton("Cancel"))
    return window.grab()


def receipt(file: Path) -> None:
    """A till receipt."""
    image = Image.new("RGB", (300, 300), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=15)
    lines = [
        ("GREEN MARKET", ""),
        ("2026-11-20", ""),
        ("", ""),
        ("Bread", "3.20"),
        ("Butter", "2.45"),
        ("Coffee", "7.90"),
        ("", ""),
        ("TOTAL", "13.55"),
    ]
    for number, (left, right) in enumerate(lines):
        y = 20 + number * 32
        draw.text((24, y), left, fill="black", font=font)
        draw.text((276 - draw.textlength(right, font=font), y), right, fill="black", font=font)
    image.save(file)


def formula(file: Path) -> None:
    """A formula as in a paper."""
    laid_out = lay_out(r"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}", 30, display=True)
    assert laid_out is not None
    page = QPixmap(420, 150)
    page.fill("white")
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_formula(painter, laid_out, QPointF(80, 85), "#111111")
    painter.end()
    page.save(str(file))


def desktop(file: Path) -> None:
    """A screen with a dialog on it, large enough to be drawn on."""
    image = Image.new("RGB", (960, 540), "#2f5d73")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((60, 60, 620, 440), 10, fill="#f4f6f8")
    draw.rounded_rectangle((340, 190, 880, 420), 10, fill="white", outline="#c3ccd6", width=2)
    large, small = ImageFont.load_default(size=26), ImageFont.load_default(size=20)
    for number in range(8):
        draw.rectangle((90, 110 + 38 * number, 300 - (number * 53) % 90, 122 + 38 * number), fill="#c3ccd6")
    draw.text((370, 215), "Update ready", fill="#1b2a38", font=large)
    draw.text((370, 265), "Restart to finish the update.", fill="#1b2a38", font=small)
    for left, text in ((590, "Later"), (730, "Restart")):
        draw.rounded_rectangle((left, 345, left + 120, 390), 8, fill="#eef2f5", outline="#9fb0be", width=2)
        draw.text((left + 60 - draw.textlength(text, font=small) / 2, 356), text, fill="#1b2a38", font=small)
    image.save(file)


def terminal(file: Path) -> None:
    """A failing build."""
    image = Image.new("RGB", (640, 230), "#1e1e2a")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=16)
    lines = [
        ("$ make test", "#d0d0d8"),
        ("tests/test_parser.py ..F.", "#d0d0d8"),
        ("    parts = line.rstrip().split(',')", "#d0d0d8"),
        ("AttributeError: 'NoneType' object has no attribute 'rstrip'", "#ff8a80"),
        ("parser.py:12: AttributeError", "#9a9aa8"),
        ("1 failed, 4 passed in 0.31s", "#ff8a80"),
    ]
    for number, (line, color) in enumerate(lines):
        draw.text((20, 18 + number * 33), line, fill=color, font=font)
    image.save(file)
