"""What the rows of all three lists have in common: a name with badges, a line about it, buttons, and a job."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_vlm.ui.models.job_strip import JobStrip
from desktop_vlm.ui.models.parts import Icons
from desktop_vlm.ui.models.protocol import Job
from desktop_vlm.ui.models.sentences import breakable
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import text_label


class ModelRow(QWidget):
    """A row. Subclasses fill `buttons`, and put more below the line about the model with `add_below`.

    Attributes:
        title: the model's name.
        about: the line below it.
        problem: why it cannot be used.
        strip: the work on it; None before there was any.

    Signals:
        pressed: the head of the row, beside its buttons, was clicked.
        strip_made(JobStrip): there is a strip now, to be connected.
    """

    pressed = Signal()
    strip_made = Signal(object)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.icons = Icons(theme, self)
        self.setAccessibleName(name)
        self.title = text_label(name, "row-title")
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.badge = QLabel()
        self.badge.setProperty("kind", "badge")  # from the start: its padding is not looked up again
        self.about = text_label("", "caption")
        self.problem = text_label("", "error")
        self.strip: JobStrip | None = None
        self._name = name
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(6)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 14, 14, 14)
        self._column.setSpacing(6)
        self._column.addLayout(self._head())
        self._column.addWidget(self.problem)
        self.problem.hide()
        self.show_badge("")

    def add_to_head(self, widget: QWidget) -> None:
        """Put something below the line about the model."""
        self._text.addWidget(widget)

    def add_below(self, widget: QWidget) -> None:
        """Put something below all else."""
        self._column.addWidget(widget)

    def show_badge(self, text: str, kind: str = "badge") -> None:
        """A word beside the name; "" for none."""
        if self.badge.property("kind") != kind:
            set_kind(self.badge, kind)
        self.badge.setText(text)
        self.badge.setVisible(bool(text))

    def show_problem(self, sentence: str) -> None:
        """Why it cannot be used; "" when it can."""
        self.problem.setText(breakable(sentence))
        self.problem.setVisible(bool(sentence))

    def show_job(self, job: Job | None) -> None:
        """How far the work on it is; None for no work."""
        if self.strip is None and job is not None:
            self.strip = JobStrip(self._name)
            self._column.insertWidget(2, self.strip)  # below the head and the problem
            self.strip_made.emit(self.strip)
        if self.strip is not None:
            self.strip.show_job(job)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() < self._head_bottom():
            self.pressed.emit()
        else:
            super().mousePressEvent(event)

    def _head(self) -> QHBoxLayout:
        name = QHBoxLayout()
        name.setSpacing(10)
        name.addWidget(self.title)
        name.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        name.addStretch(1)
        text = self._text = QVBoxLayout()
        text.setSpacing(3)
        text.addLayout(name)
        text.addWidget(self.about)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(text, 1)
        head.addLayout(self.buttons)
        return head

    def _head_bottom(self) -> int:
        return max(self.about.geometry().bottom(), self.title.geometry().bottom()) + self._column.spacing()
