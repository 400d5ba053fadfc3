"""What a loaded model can do, as far as those who talk to it need to know."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.api.image_sizing import ImageSizing

NO_VISION = (
    "This model was loaded without a vision projector, so it cannot see images; load its mmproj file with it, choose a "
    "model that has one, or leave the images out."
)
"""What to say of images for a model that sees none."""


@dataclass(frozen=True)
class Capabilities:
    """What a loaded model can do.

    Attributes:
        family: name of the model family, such as `mllama`.
        max_images: 0 for text only; 1 where the model attends to the last image alone, so that several are composed
            into one; else how many images a conversation may hold, each in its own turn.
        sizing: how large an image reaches the encoder; None where `max_images` is 0.
        json_schema: whether answers can be held to a JSON schema.
        judges_safety: whether it judges conversations instead of carrying them on; `api.safety` reads its answers.
        local: whether images stay on this computer.
        uses_quoted_text: whether lines of an image that are quoted in the prompt help it; small models mix them up.
    """

    family: str
    max_images: int = 0
    sizing: ImageSizing | None = None
    json_schema: bool = True
    local: bool = True
    judges_safety: bool = False
    uses_quoted_text: bool = False

    @property
    def composes_images(self) -> bool:
        """Whether several images become one before they are sent."""
        return self.max_images == 1
