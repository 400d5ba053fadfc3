"""What the windows of `toolkit_pack` are made of."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from training.screens.phrases import Writer
from training.screens.toolkits import Recorder


@dataclass(frozen=True)
class Window:
    """A window with all that can be asked about it; questions about its `lines` number them from `first` on."""

    widget: QWidget
    asker: Recorder
    kind: str
    noun: str
    lines: list[str] = field(default_factory=list)
    first: int = 1


def plain(label: str) -> str:
    """Qt would take an ampersand for a shortcut."""
    return label.replace("&", "&&")


def button_row(rng: random.Random, labels: list[str]) -> QHBoxLayout:
    """Buttons at one side or spread."""
    row = QHBoxLayout()
    before, after = rng.choice(((0, 1), (1, 0), (1, 0), (1, 1), (0, 0)))
    if before:
        row.addStretch()
    for label in labels:
        button = QPushButton(plain(label))
        button.setDefault(rng.random() < 0.3)
        row.addWidget(button)
    if after:
        row.addStretch()
    return row


def wrapping(rng: random.Random, text: str) -> QLabel:
    """A label that wraps where it is long."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if label.sizeHint().width() > 300:
        label.setWordWrap(True)
        label.setFixedWidth(rng.randint(220, 420))
    return label


def stacked(rng: random.Random, widget: QWidget) -> QVBoxLayout:
    """A column over the whole widget."""
    column = QVBoxLayout(widget)
    margin = rng.randint(4, 20)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(rng.randint(4, 16))
    return column


def short_lines(rng: random.Random, writer: Writer, least: int, most: int) -> list[str]:
    """Lines of few words, paths, names."""
    makers = (writer.sentence, writer.path, writer.file, writer.identifier, lambda: writer.jumble(1, 4),
              lambda: writer.noise(1, 4), lambda: writer.words(1, 5))  # fmt: skip
    return [" ".join(rng.choice(makers)()[:46].split()) for _ in range(rng.randint(least, most))]


def broken(rng: random.Random, text: str, widget: QWidget) -> str:
    """The text with line breaks, for windows that would cut it off rather than wrap it."""
    room, metrics = rng.randint(200, 400), widget.fontMetrics()
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
