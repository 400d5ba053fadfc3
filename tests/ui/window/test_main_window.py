"""The main window, driven as a person would, with a real history and a fake engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.loaded_model import DeviceMemory
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.history.records import MessageState
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.service.frames import Stats
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.question import QuestionWidget
from desktop_vlm.ui.engine.protocol import EngineState, Progress
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.page_picker import PagePicker
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.fake_engine import MODEL
from tests.ui.pictures.picture_files import pdf

MakePicture = Callable[..., NewPicture]


def drop(window: MainWindow, mime: QMimeData) -> None:
    """What Qt sends when files are dropped on the window."""
    place = QPoint(400, 300)
    common = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(place, *common))
    QApplication.sendEvent(window, QDropEvent(QPointF(place), *common))


def type_and_send(qtbot: QtBot, window: MainWindow, parts: Parts, text: str) -> None:
    asked = len(parts.engine.asked)
    qtbot.keyClicks(window.composer.text, text)
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1)


def answer(qtbot: QtBot, parts: Parts, text: str) -> None:
    parts.engine.say(text)
    parts.engine.end()
    qtbot.wait(80)  # the answer is drawn at most every 50 ms


def shown_answer(window: MainWindow) -> AnswerWidget:
    """The last answer on the screen."""
    widgets = [window.pane.widget(key) for key in window.pane.item_keys()]
    return [widget for widget in widgets if isinstance(widget, AnswerWidget)][-1]


def button(parent: QWidget, name: str) -> QAbstractButton:
    """The visible button with that accessible name or text."""
    found = [
        one
        for one in parent.findChildren(QAbstractButton)
        if name in {one.accessibleName(), one.text()} and one.isVisible()
    ]
    assert len(found) == 1, [one.accessibleName() or one.text() for one in parent.findChildren(QAbstractButton)]
    return found[0]


def test_dropped_files_are_asked_about(
    qtbot: QtBot, window: MainWindow, parts: Parts, tmp_path: Path, picture: MakePicture
) -> None:
    files = []
    for number, color in enumerate(("#ff0000", "#00ff00")):
        files.append(tmp_path / f"shot{number}.png")
        files[-1].write_bytes(picture(color).data)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])

    drop(window, mime)
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 2)
    type_and_send(qtbot, window, parts, "Compare them.")
    answer(qtbot, parts, "One is **red**.")

    assert [held.name for held in parts.assistant.messages[0].pictures] == ["shot0.png", "shot1.png"]
    assert shown_answer(window).message.text == "One is **red**."
    assert window.composer.text.toPlainText() == ""
    assert window.composer.pictures == []


def test_a_picture_is_pasted_with_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)

    qtbot.keyClick(window.composer.text, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)
    assert (window.composer.pictures[0].width, window.composer.pictures[0].height) == (30, 20)
    assert window.composer.text.toPlainText() == ""


def test_text_is_pasted_as_text(qtbot: QtBot, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("two\nlines")

    qtbot.keyClick(window.composer.text, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert window.composer.text.toPlainText() == "two\nlines"


def test_pictures_alone_are_described(
    qtbot: QtBot, window: MainWindow, parts: Parts, tmp_path: Path, picture: MakePicture
) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(picture().data)
    window.draft.take_files([file])
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)

    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert parts.assistant.messages[0].action == "Describe"


def test_the_example_is_one_click(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    assert window.welcome.isVisible()

    button(window.welcome, "Read the message.").click()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert parts.engine.asked[0].messages[0].text == "Read the message."
    assert window.pane.isVisible()


def test_stop_is_seen_at_once_and_reaches_the_engine(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "Count")
    parts.engine.say("one")

    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert parts.engine.stops == 1
    parts.engine.end("cancelled")
    qtbot.wait(80)

    assert parts.assistant.messages[-1].state is MessageState.STOPPED
    assert button(window.composer, "Send").isVisible()


def test_progress_is_shown_until_the_first_word(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "Look")
    parts.engine.progressed.emit(Progress("encode", 0.5, 4.0))

    texts = [label.text() for label in shown_answer(window).findChildren(QWidget) if hasattr(label, "text")]
    assert "Looking at the picture · 50\u00a0% · 4 s left" in texts


def test_answers_have_versions_with_arrows(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "What?")
    answer(qtbot, parts, "first")
    button(shown_answer(window), "Answer again").click()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    answer(qtbot, parts, "second")
    assert shown_answer(window).message.text == "second"

    button(shown_answer(window), "Previous version").click()
    qtbot.waitUntil(lambda: shown_answer(window).message.text == "first")
    assert not button(shown_answer(window), "Previous version").isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: shown_answer(window).message.text == "second")


def test_a_question_is_edited_in_place(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "What?")
    answer(qtbot, parts, "first")

    qtbot.keyClick(window.composer.text, Qt.Key.Key_Up)
    question = window.pane.widget(window.pane.item_keys()[0])
    assert isinstance(question, QuestionWidget)
    editor = question.findChild(QPlainTextEdit)
    assert isinstance(editor, QPlainTextEdit)
    editor.setPlainText("Which?")
    button(question, "Ask again").click()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)

    assert parts.engine.asked[1].messages == [ChatMessage.of("user", "Which?")]


def test_a_dead_engine_is_a_banner_with_a_way_on(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "Hello")
    parts.engine.say("Half")
    parts.engine.fail("The engine stopped: it was killed. Your conversation is safe.")
    qtbot.wait(80)

    shown = shown_answer(window)
    assert shown.message.text == "Half"
    assert button(shown, "Try again").isVisible()
    button(shown, "Try again").click()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)


def test_json_that_was_cut_off_says_so_and_can_be_closed(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    action = QuickAction("json", name="JSON", prompt="As JSON.", json_schema='{"type": "object"}')
    assert parts.assistant.send("As JSON.", [], action)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say('{"a": [1, 2, "thr')
    parts.engine.end("length")
    qtbot.waitUntil(lambda: button(shown_answer(window), "Close it").isVisible())
    labels = [label.text() for label in shown_answer(window).findChildren(QLabel) if label.isVisible()]
    assert "This answer ended before its JSON was complete." in labels

    button(shown_answer(window), "Close it").click()
    assert shown_answer(window).message.text == '{"a": [1, 2]}'
    button(shown_answer(window), "Undo").click()
    assert shown_answer(window).message.text == '{"a": [1, 2, "thr'
    assert button(shown_answer(window), "Close it").isVisible()


def test_conversations_are_listed_searched_renamed_and_deleted_with_a_way_back(
    qtbot: QtBot, window: MainWindow, parts: Parts
) -> None:
    for text in ("alpha question", "beta question"):
        qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        type_and_send(qtbot, window, parts, text)
        answer(qtbot, parts, f"answer to {text}")
    model = window.sidebar.list.model()

    def titles() -> list[str]:
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    qtbot.waitUntil(lambda: titles() == ["Today", "beta question", "alpha question"])
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.sidebar.search, "alpha")
    qtbot.waitUntil(lambda: titles() == ["alpha question"])
    labels = [label.text() for label in window.sidebar.findChildren(QLabel) if label.isVisible()]
    assert "1 conversation found" in labels
    qtbot.keyClick(window.sidebar.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(titles()) == 3)

    model.setData(model.index(2, 0), "Renamed")
    qtbot.waitUntil(lambda: titles()[2] == "Renamed")
    window.sidebar.list.setCurrentIndex(model.index(1, 0))
    qtbot.keyClick(window.sidebar.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles() == ["Today", "Renamed"])
    assert window.welcome.isVisible()  # the open conversation was the deleted one
    button(window.toast, "Undo").click()
    qtbot.waitUntil(lambda: len(titles()) == 3)
    qtbot.waitUntil(window.pane.isVisible)


def test_the_panel_switches_pictures(qtbot: QtBot, window: MainWindow, tmp_path: Path, picture: MakePicture) -> None:
    for number, color in enumerate(("#ff0000", "#00ff00")):
        file = tmp_path / f"{number}.png"
        file.write_bytes(picture(color).data)
        window.draft.take_files([file])
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 2)
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.panel.state.layout is not None)
    assert [entry.name for entry in window.panel.state.entries] == ["0.png", "1.png"]
    assert window.panel.state.layout is not None
    assert len(window.panel.state.layout.placements) == 2

    window.panel.inclusion_changed.emit(window.panel.state.entries[0].sha256, False)

    qtbot.waitUntil(lambda: window.panel.state.layout is not None and len(window.panel.state.layout.placements) == 1)
    assert [entry.included for entry in window.panel.state.entries] == [False, True]


def test_text_size_by_keys_is_kept(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)

    assert parts.theme.text_px == 15
    assert parts.settings.current.appearance.text_px == 15
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert parts.theme.text_px == 14


def test_every_control_has_a_name(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    type_and_send(qtbot, window, parts, "What?")
    answer(qtbot, parts, "Text with `code`.")
    window.toggle_panel()

    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_the_last_answers_cost_is_in_the_status_line(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    window.resize(1400, 800)
    type_and_send(qtbot, window, parts, "What?")
    answer(qtbot, parts, "This.")

    texts = {label.text() for label in window.status.findChildren(QWidget) if hasattr(label, "text")}
    assert "picture 1.5 s · prompt 0.5 s · 10 tokens/s" in texts
    assert "120 of 4,096 tokens" in texts


def test_the_status_line_tells_the_engines_states_apart(window: MainWindow, parts: Parts) -> None:
    name = button(window.status, "Model")
    states = {
        EngineState.STOPPED: "The model is not running; the next question starts it",
        EngineState.FAILED: "Demo model could not be loaded: press to choose another",
        EngineState.LOADING: "Loading the model",
    }
    for state, text in states.items():
        parts.engine.state, parts.engine.model = state, None
        parts.engine.state_changed.emit(state)
        assert name.text() == text
    parts.engine.progressed.emit(Progress("load", 0.3, 2.0))
    assert name.text() == "Loading the model · 30\u00a0% · 2 s left"
    parts.engine.finish_load()
    assert name.text() == "Demo model · CPU"


def test_a_gpu_and_what_it_holds(window: MainWindow, parts: Parts) -> None:
    window.resize(1500, 800)
    gib = 1 << 30
    gpu = DeviceMemory("CUDA0", "NVIDIA Something", True, 2 * gib, 8 * gib)
    parts.settings.update("model", text="/models/llama.gguf")
    parts.engine.model = replace(MODEL, name="Llama 3.2 11B", devices=(gpu,), n_layers=41, n_gpu_layers=30)
    parts.engine.loaded.emit(parts.engine.model)
    parts.engine.stats_changed.emit(Stats((gpu,), None))

    assert button(window.status, "Model").text() == "Llama 3.2 11B · CUDA0, 30 of 41 layers"
    texts = {label.text() for label in window.status.findChildren(QWidget) if hasattr(label, "text")}
    assert "VRAM 6.0 of 8 GiB" in texts
    parts.engine.model = replace(MODEL, runs_on_cpu_despite_gpu=True)
    parts.engine.loaded.emit(parts.engine.model)
    assert "CPU (GPU not used)" in button(window.status, "Model").text()
    assert "cannot use it" in button(window.status, "Model").toolTip()


def test_enter_begins_a_line_when_ctrl_enter_sends(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    parts.settings.update("composer", send_with="ctrl-enter")
    window._settings_actions.settings_changed.emit()
    field = window.composer.text

    qtbot.keyClicks(field, "one")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "two")
    assert field.toPlainText() == "one\ntwo"
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)


def test_everything_is_deleted(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    parts.settings.update("appearance", text_px=18)
    type_and_send(qtbot, window, parts, "secret question")
    answer(qtbot, parts, "secret answer")

    window._settings_actions.delete_everything()

    assert parts.history.fetch(lambda history: history.conversations()) == []
    assert not parts.paths.settings_file.exists()
    assert parts.settings.current.appearance.text_px == 14
    assert parts.theme.text_px == 14
    assert all(b"secret" not in file.read_bytes() for file in parts.paths.data.iterdir())


def test_a_narrow_window_gives_the_conversations_room_to_the_conversation(window: MainWindow) -> None:
    window.resize(640, 600)
    assert window.sidebar.isHidden()
    window.resize(1000, 700)
    assert window.sidebar.isVisible()

    window.toggle_sidebar()
    window.resize(640, 600)
    window.resize(1000, 700)
    assert window.sidebar.isHidden()  # by the person, so it stays so


def test_notices_lie_above_the_composer(window: MainWindow) -> None:
    window.toast.say("A long notice " * 12)

    bottom = window.toast.geometry().bottom()
    top = window.composer.mapTo(window, QPoint(0, 0)).y()
    assert 0 < top - bottom < 20
    assert window.rect().contains(window.toast.geometry())


def test_a_quick_actions_advice_is_with_its_button(window: MainWindow) -> None:
    window.composer.set_actions(
        [QuickAction("a", name="Look", prompt="Look.", shortcut="Ctrl+9", note="Not at clocks.")]
    )
    chips = [chip for chip in window.composer.findChildren(QAbstractButton) if chip.accessibleName() == "Look"]

    assert [chip.toolTip() for chip in chips] == ["Look (Ctrl+9)\nNot at clocks."]


def test_pasted_cells_offer_their_picture(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setText("Total\t7")
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    mime.setImageData(image)
    window.composer.text.insertFromMimeData(mime)
    assert window.composer.text.toPlainText() == "Total\t7"
    assert window.composer.pictures == []
    (button,) = [one for one in window.toast.findChildren(QAbstractButton) if one.isVisible()]
    assert button.text() == "Add the picture"
    button.click()
    qtbot.waitUntil(lambda: [(one.width, one.height) for one in window.composer.pictures] == [(40, 20)])


def test_pages_of_a_pdf_are_asked_for(window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf(3))
    window.draft.take_files([tmp_path / "report.pdf"])
    qtbot.waitUntil(lambda: bool(window.findChildren(PagePicker)))
    (picker,) = window.findChildren(PagePicker)
    assert picker.field.text() == "1-3"
    picker.field.setText("3")
    picker.add.click()
    qtbot.waitUntil(lambda: [one.name for one in window.composer.pictures] == ["report.pdf, page 3"])
    (picture,) = window.composer.pictures
    parts.text_layers.request(picture.sha256, picture.data)
    qtbot.waitUntil(lambda: picture.sha256 in parts.reader.pages)  # in a quiet moment
    assert parts.reader.pages[picture.sha256].number == 3  # whose text need not be recognised


def test_chosen_frames_come_instead_of_the_first(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 12), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=100)
    window.draft.take_files([tmp_path / "moving.gif"])
    qtbot.waitUntil(window.toast.isVisible)
    assert [one.name for one in window.composer.pictures] == ["moving.gif"]
    button(window.toast, "Choose frames").click()
    (picker,) = window.findChildren(PagePicker)
    picker.field.setText("1,3")
    picker.add.click()
    chosen = ["moving.gif, frame 1", "moving.gif, frame 3"]
    qtbot.waitUntil(lambda: [one.name for one in window.composer.pictures] == chosen)
