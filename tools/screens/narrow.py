"""Scenes of a window of 640 px: what gives way, and what comes over it."""

from __future__ import annotations

from tools.event_loop import spin
from tools.screens import basics, capturing, conversing, image_tools, leaving, listing, models, quick, setting, viewing
from tools.screens.scenes import SetUp, scene
from tools.screens.stage import Stage

_SIZE = (640, 560)
_WITH_MODEL = {"conversation", "panel", "queue", "limits", "thumbnails"}


def in_narrow_window(stage: Stage, set_up: SetUp) -> None:
    """Bring the program into a state while its window is 640 px wide."""
    stage.window.showNormal()
    spin(300)
    stage.window.resize(*_SIZE)
    spin(300)
    set_up(stage)
    spin(300)


def _of(name: str, set_up: SetUp, *, loads: bool) -> None:
    """Another scene, in a window of 640 px."""

    def narrow(stage: Stage) -> None:
        in_narrow_window(stage, set_up)

    scene(f"narrow-{name}", loads=loads)(narrow)


for _name, _set_up in {
    "welcome": basics.welcome,
    "conversation": basics.conversation,
    "panel": basics.question_with_images,
    "find-bar": listing.find_bar,
    "viewer": viewing.viewer,
    "editor": image_tools.editor,
    "hiding": viewing.hiding,
    "settings": setting.settings_below,
    "own-settings": setting.own_settings_set,
    "models": models.models_work,
    "watches": capturing.watched_regions,
    "watch-dialog": capturing.watch_dialog,
    "pages": capturing.pages,
    "thumbnails": capturing.thumbnails,
    "queue": conversing.queue,
    "export-question": leaving.export_question,
    "restore-question": leaving.restore_question,
    "quick": quick.quick,
    "limits": capturing.too_many_images,
}.items():
    _of(_name, _set_up, loads=_name in _WITH_MODEL)


@scene("narrow-sidebar", loads=False)
def narrow_sidebar(stage: Stage) -> None:
    """The list of conversations over the conversation."""

    def set_up(stage: Stage) -> None:
        listing.fill(stage)
        stage.window.toggle_sidebar()
        spin(300)

    in_narrow_window(stage, set_up)


@scene("narrow-selection", loads=False)
def narrow_selection(stage: Stage) -> None:
    """Several selected in that list."""

    def set_up(stage: Stage) -> None:
        top = listing.fill(stage)
        stage.window.toggle_sidebar()
        spin(300)
        stage.window.sidebar.list.select_several(top[:3])
        spin(300)

    in_narrow_window(stage, set_up)
