"""The running program, driven as a person would, for screenshots of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from desktop_vlm.history.store import History
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX
from tools import event_loop
from tools.event_loop import spin

spin_until = partial(event_loop.spin_until, most_ms=600_000)
"""As there; models load and answer meanwhile."""


class Stage:
    """The program with folders of its own.

    Attributes:
        app: the program.
        window: its main window.
        assistant: what answers.
        folder: for files that a scene needs.
        text_px: size of running text.
    """

    def __init__(self, qt: QApplication, folder: Path) -> None:
        self.folder = folder
        self.text_px = DEFAULT_TEXT_PX
        self.app = App(qt, Paths.under(folder / "home"))
        self.window = self.app.window
        self.assistant = self.app.services.assistant

    def start(self, *, loads: bool = True) -> None:
        """Show the window; with `loads`, wait until its model is loaded, too."""
        if not loads:
            self.window.show()
            return
        self.app.start()
        spin_until(lambda: self.app.services.engine.state is EngineState.READY)

    def attach(self, *files: Path) -> None:
        """Put images into the question, and wait until they are there."""
        count = len(self.window.composer.pictures) + len(files)
        self.window.draft.take_files(files)
        spin_until(lambda: len(self.window.composer.pictures) == count)

    def ask(self, question: str, *files: Path) -> None:
        """Ask, and wait for the answer's end."""
        self.attach(*files)
        self.window.composer.text.setPlainText(question)
        self.window.draft.send()
        self.answered()

    def run_action(self, name: str, file: Path) -> None:
        """Run a quick action on an image, and wait for the answer's end."""
        self.attach(file)
        self.window.draft.run_action(next(one for one in self.app.services.actions.actions if name in one.id))
        self.answered()

    def answered(self) -> None:
        """Wait for the answer that was asked for, to its end."""
        spin_until(lambda: self.assistant.busy)
        spin_until(lambda: not self.assistant.busy)
        spin(200)

    def prepared(self, title: str, question: str, answer: str, picture: Path | None = None, action: str = "") -> int:
        """Open a conversation that is put into the history; returns its id."""
        conversation = self.kept(title, [(question, answer)], picture, action)
        self.assistant.open(conversation)
        self.assistant.conversations_changed.emit()
        spin_until(lambda: self.assistant.conversation_id == conversation)
        return conversation

    def kept(self, title: str, turns: Sequence[tuple[str, str]], picture: Path | None = None, action: str = "") -> int:
        """Put a conversation into the history, with an image in its first question; returns its id."""

        def write(history: History) -> int:
            conversation = history.create_conversation(title)
            before: int | None = None
            for number, (question, answer) in enumerate(turns):
                pictures: list[str] = []
                if picture is not None and number == 0:
                    width, height = Image.open(picture).size
                    data = picture.read_bytes()
                    pictures = [history.add_picture(data, name=picture.name, width=width, height=height)]
                asked = history.add_message(conversation, before, "user", question, pictures=pictures, action=action)
                before = history.add_message(conversation, asked.id, "assistant", answer).id
            return conversation

        return self.app.services.history.fetch(write)

    def load(self) -> None:
        """Load the model that the settings name."""
        engine, seen = self.app.services.engine, set[EngineState]()
        note = seen.add
        engine.state_changed.connect(note)  # a small model is loaded between two looks
        self.window.load_model(self.app.services.settings.current.model)
        spin_until(lambda: EngineState.LOADING in seen and engine.state is EngineState.READY)
        engine.state_changed.disconnect(note)
        spin_until(lambda: not self.assistant.pictures.view.is_preparing)

    def theme(self, choice: ThemeChoice) -> None:
        theme = self.app.services.theme
        reports: list[bool] = []
        note = partial(reports.append, True)
        theme.changed.connect(note)
        theme.apply(choice, self.text_px)
        spin_until(lambda: bool(reports))
        theme.changed.disconnect(note)
        spin(200)

    def close(self) -> None:
        self.app.services.hotkeys.stop()  # the next scene may take them
        self.app.close()
        self.window.hide()
        self.window.deleteLater()
        spin(50)
