"""Checks the answers of the open conversation against the text of its pictures, and leads from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, Picture
from desktop_vlm.images.text_layer.claims import Passage, claims_of
from desktop_vlm.images.text_layer.grounding import Finding, Standing, check
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.composite_panel import CompositePanel
from desktop_vlm.ui.window.picture_actions import PictureActions

_TOGETHER_MS = 30
"""Layers of several pictures often come one right after the other."""


class AnswerPlaces(QObject):
    """Marks what an answer quotes: where it stands, or that it stands nowhere; only once the answer is complete.

    Nothing is marked while no picture that the model saw is read, and nothing is said to be missing before all are.
    """

    def __init__(
        self, pane: ConversationPane, panel: CompositePanel, pictures: PictureActions, services: Services
    ) -> None:
        super().__init__(pane)
        self._pane = pane
        self._services = services
        self._background = Background(self)
        self._waiting: list[AnswerWidget] = []
        self._soon = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._soon.timeout.connect(self._check_waiting)
        pane.answer_settled.connect(self._wait)
        pane.places_pointed.connect(panel.show_places)
        pane.place_opened.connect(pictures.view)
        services.text_layers.changed.connect(self._layer_changed)
        services.assistant.thread_changed.connect(self._check_all)

    def settings_changed(self) -> None:
        """Answers may be checked now, or no more."""
        self._check_all()

    def _answers(self) -> list[AnswerWidget]:
        return [widget for widget in self._pane.widgets() if isinstance(widget, AnswerWidget)]

    def _check_all(self) -> None:
        for answer in self._answers():
            self._wait(answer)

    def _layer_changed(self, sha256: str) -> None:
        for answer in self._answers():
            if sha256 in self._pictures_before(answer.message)[0]:
                self._wait(answer)

    def _wait(self, answer: AnswerWidget) -> None:
        if answer not in self._waiting:
            self._waiting.append(answer)
        self._soon.start()

    def _check_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            if isValid(answer):
                self._check(answer)

    def _check(self, answer: AnswerWidget) -> None:
        pictures, asked = self._pictures_before(answer.message)
        layers = [self._services.text_layers.layer(sha256) for sha256 in pictures]
        on = self._services.settings.current.text.check_answers
        if not on or all(layer is None for layer in layers):
            answer.show_findings((), ())
            return
        work = partial(_findings, answer.passages(), asked, layers)
        self._background.run(work, partial(self._came, answer, answer.message.text, pictures))

    def _came(self, answer: AnswerWidget, text: str, pictures: list[str], findings: list[Finding]) -> None:
        if isValid(answer) and answer.message.text == text and self._services.settings.current.text.check_answers:
            if is_read_out(answer.message):  # its places are of use, and it has nothing to prove
                findings = [one for one in findings if one.standing is Standing.STANDS]
            answer.show_findings(findings, pictures)

    def _counts(self, picture: Picture) -> bool:
        """One that is switched off now was perhaps seen then; it is not waited for."""
        return picture.included or self._services.text_layers.layer(picture.sha256) is not None

    def _pictures_before(self, answer: Message) -> tuple[list[str], list[str]]:
        """SHA-256 of the pictures that came before an answer, and what the person wrote."""
        pictures: dict[str, None] = {}
        asked: list[str] = []
        for message in self._services.assistant.messages:
            if message.id == answer.id:
                break
            if message.role == "user":
                pictures |= {picture.sha256: None for picture in message.pictures if self._counts(picture)}
                asked.append(message.text)
        return list(pictures), asked


def _findings(passages: Sequence[Passage], asked: Sequence[str], layers: Sequence[TextLayer | None]) -> list[Finding]:
    return check(claims_of(passages, asked), layers)
