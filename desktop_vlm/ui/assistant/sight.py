"""What the model cannot see or do, said before anything is sent."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.images.collage import MAX_IMAGES
from desktop_vlm.ui.engine.protocol import Engine
from desktop_vlm.ui.plural import plural


def sees_pictures(engine: Engine) -> bool:
    """Whether the model that is loaded, or about to be, takes images; True while that is not known."""
    if engine.model:
        return engine.model.capabilities.max_images > 0
    return engine.source is None or engine.source[0].mmproj is not None


def blind_sentence() -> str:
    """Why a question with pictures is not asked, and the way out."""
    return _tr(
        "This model cannot see pictures: it has no vision projector (mmproj). Choose a model that has one, or remove "
        "the pictures and ask about text."
    )


def text_alone_sentence() -> str:
    """That earlier pictures do not reach a model that sees none."""
    return _tr("This model cannot see pictures, so it answers from the text alone.")


def left_out_sentence(capabilities: Capabilities | None, count: int) -> str:
    """That `count` pictures gave way to newer ones."""
    if capabilities is None or capabilities.composes_images:
        return plural(
            "Assistant",
            count,
            "An earlier picture is left out so that text stays readable; switch it on at the right.",
            "{n} earlier pictures are left out so that text stays readable; switch them on at the right.",
        )
    most = plural(
        "Assistant", capabilities.max_images, "The model takes 1 picture", "The model takes at most {n} pictures"
    )
    rest = plural("Assistant", count, "so the oldest is left out", "so the oldest {n} are left out")
    return _tr("{0}, {1}.").format(most, rest)


def most_pictures(capabilities: Capabilities | None) -> int | None:
    """How many pictures a question can be about; None where that is not known, or none can be seen."""
    if capabilities is None or not capabilities.max_images:
        return None
    return MAX_IMAGES if capabilities.composes_images else capabilities.max_images


def too_many_sentence(capabilities: Capabilities | None, count: int) -> str:
    """That more pictures are switched on than the model takes, said before anything is sent; "" where they are not."""
    most = most_pictures(capabilities)
    if most is None or count <= most or capabilities is None:
        return ""
    if capabilities.composes_images:
        words = "{n} pictures are too many for one question: this model takes {most}, put together as one."
    else:
        words = "{n} pictures are switched on, and this model takes {most}: only the latest would be sent."
    return plural("Assistant", count, words, words).format(most=most)


def nothing_to_judge_sentence() -> str:
    """That a safety model has nothing to judge yet."""
    return _tr("There is nothing to check yet; write something or add a picture first.")


def safety_words(text: str) -> str:
    """A word of a verdict, or a category, in the person's language."""
    return QCoreApplication.translate("safety", text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Assistant", text)
