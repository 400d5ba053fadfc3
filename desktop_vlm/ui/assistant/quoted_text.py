"""The small text of pictures on its way to the model: chosen when a question is asked, and kept with it.

What was sent with a question stays the same as long as its pictures are seen in the same way, so that nothing before a
new question is computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF, POINTERS
from desktop_vlm.history.records import Message
from desktop_vlm.images.legibility import is_lost, is_too_small, loses_text
from desktop_vlm.images.pointing import kept_pointers
from desktop_vlm.images.text_layer.quoting import Excerpt, SmallText, budget_of, choose, quotation
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant.visible_pictures import ModelView, VisiblePicture, pictures_of, reaching
from desktop_vlm.ui.pictures.composer import Prepared
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers


class QuotedText:
    """Which text of which pictures goes along.

    Attributes:
        kept_back: SHA-256s of the pictures of the open conversation whose text the person switched off.
        conversation_id: the open conversation.
    """

    def __init__(self, layers: TextLayers, settings: SettingsStore) -> None:
        self._layers = layers
        self._settings = settings
        self.kept_back: set[str] = set()
        self.conversation_id: int | None = None
        self._chosen: tuple[object, dict[str, Excerpt]] = ((), {})

    def is_used_by(self, model: LoadedModel | None) -> bool:
        """Whether text goes along at all."""
        return bool(model and model.capabilities.uses_quoted_text and self._settings.current.text.quote_small_text)

    def open(self, conversation_id: int | None, thread: Sequence[Message]) -> None:
        """Another conversation: what was kept back in it stays so."""
        self.conversation_id = conversation_id
        self.kept_back = _kept_back(thread)

    def _off(self, thread: Sequence[Message]) -> set[str]:
        """What is kept back in a conversation, which may be asked in while another is open."""
        is_open = not thread or thread[-1].conversation_id == self.conversation_id
        return self.kept_back if is_open else _kept_back(thread)

    def picture_replaced(self, old: str, new: str) -> None:
        """Another picture is in the place of one."""
        if old in self.kept_back:
            self.kept_back = {*self.kept_back - {old}, new}

    # A question

    def to_wait_for(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> list[str]:
        """Pictures whose text should be known before the last question of a conversation is asked."""
        if not self._is_open(thread, model):
            return []
        return [sha256 for sha256, scale in self._unsent(thread, prepared, model).items() if is_too_small(scale)]

    def decide(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[str, Any] | None:
        """Details to keep with the last question of a conversation; None where there is nothing to decide."""
        if not self._is_open(thread, model):
            return None
        texts = {}
        pointers = kept_pointers(thread[-1].details.get(POINTERS) or {})
        for sha256, scale in self._unsent(thread, prepared, model).items():
            layer = self._layers.layer(sha256)
            if layer is not None and loses_text(layer, scale):
                size = layer.width, layer.height
                places = tuple(pointer.frame(size) for pointer in pointers.get(sha256, ()))
                texts[sha256] = SmallText(layer, scale, places)
        excerpts = choose(list(texts.values()), thread[-1].text, budget_of(model.n_ctx))
        chosen = {sha256: one.as_json() for sha256, one in zip(texts, excerpts, strict=True) if one.n_lines}
        return {IMAGE_TEXT: chosen, IMAGE_TEXT_OFF: sorted(self._off(thread))}

    def _is_open(self, thread: Sequence[Message], model: LoadedModel) -> bool:
        return self.is_used_by(model) and IMAGE_TEXT not in thread[-1].details

    def _unsent(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[str, float]:
        """SHA-256 -> scale of the pictures whose text does not go along with an earlier question already."""
        sent = {sha256 for message in thread for sha256 in message.details.get(IMAGE_TEXT, {})}
        found, off = scales(thread, prepared, model), self._off(thread)
        return {sha256: scale for sha256, scale in found.items() if sha256 not in sent | off and scale < 1}

    def along(self, thread: Sequence[Message], view: ModelView, model: LoadedModel | None) -> dict[str, Excerpt]:
        """SHA-256 -> what would go along, or stays here only because it is kept back, if a question were asked now.

        An excerpt without lines is of a picture that is being read.
        """
        if model is None or view.prepared is None or not self.is_used_by(model):
            return {}
        seen = scales_of(view.sent, view.prepared)
        kept = {sha256: one for message in thread for sha256, one in excerpts_of(message).items()}
        found = {sha256: kept[sha256] for sha256 in seen if sha256 in kept}
        texts = {}
        for sha256, scale in seen.items():
            layer = self._layers.layer(sha256)
            if sha256 in kept or (layer is None and not is_too_small(scale)):
                continue
            if layer is None and self._layers.state(sha256) is LayerState.READING:
                found[sha256] = Excerpt(())
            elif layer is not None and loses_text(layer, scale):
                texts[sha256] = SmallText(layer, scale)
        found |= self._chosen_of(texts, model)
        return {sha256: one for sha256, one in found.items() if not one.lines or is_lost(one.font_px, seen[sha256])}

    def _chosen_of(self, texts: Mapping[str, SmallText], model: LoadedModel) -> dict[str, Excerpt]:
        """What goes along of several pictures; chosen once, however often it is shown."""
        key = (*((sha256, text.scale) for sha256, text in texts.items()), model.n_ctx)
        if key != self._chosen[0]:
            excerpts = choose(list(texts.values()), "", budget_of(model.n_ctx))
            self._chosen = key, {sha256: one for sha256, one in zip(texts, excerpts, strict=True) if one.n_lines}
        return self._chosen[1]

    # What is sent

    def quotations(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[int, str]:
        """Id of a question -> the text that goes along with it."""
        if not self.is_used_by(model):
            return {}
        seen, numbers = scales(thread, prepared, model), _numbers(thread, prepared)
        off = self._off(thread)
        made = {}
        for message in thread:
            lost = [
                (numbers[sha256], excerpt)
                for sha256, excerpt in excerpts_of(message).items()
                if sha256 not in off and is_lost(excerpt.font_px, seen.get(sha256, 1.0))
            ]
            if text := quotation(sorted(lost, key=lambda pair: pair[0] or 0)):
                made[message.id] = text
        return made


def _kept_back(thread: Sequence[Message]) -> set[str]:
    details = (message.details for message in reversed(thread) if message.role == "user")
    return set(next((found[IMAGE_TEXT_OFF] for found in details if IMAGE_TEXT_OFF in found), ()))


def excerpts_of(message: Message) -> dict[str, Excerpt]:
    """What of which picture's text goes along with a question, by SHA-256."""
    kept: Mapping[str, Any] = message.details.get(IMAGE_TEXT) or {}
    return {sha256: Excerpt.from_json(values) for sha256, values in kept.items()}


def scales(thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[str, float]:
    """At which scale the model sees which picture, by SHA-256, where that is known."""
    included = [picture for picture in pictures_of(thread).values() if picture.included]
    return scales_of(reaching(included, model.capabilities), prepared)


def scales_of(shown: Sequence[VisiblePicture], prepared: Prepared) -> dict[str, float]:
    """The same of pictures that reach the model, in their order."""
    if prepared.composition is None:
        return {image.picture: image.scale for image in prepared.images if image.scale and not image.is_part}
    placements = prepared.composition.layout.placements
    return {picture.sha256: place.scale for picture, place in zip(shown, placements, strict=False)}


def _numbers(thread: Sequence[Message], prepared: Prepared) -> dict[str, int | None]:
    """The number of each picture: in the conversation, as the composite shows it, or among those of its own question.

    None for one that the model sees alone.
    """
    every = list(pictures_of(thread).values())
    included = [picture for picture in every if picture.included]
    if prepared.composition is not None:
        several = len(prepared.composition.layout.placements) > 1
        return {picture.sha256: picture.number if several else None for picture in included}
    sent = {image.picture for image in prepared.images}
    found: dict[str, int | None] = {}
    for holder in {picture.message_id for picture in included}:
        own = [picture.sha256 for picture in included if picture.message_id == holder and picture.sha256 in sent]
        found |= {sha256: at if len(own) > 1 else None for at, sha256 in enumerate(own, 1)}
    return found


def with_details(message: Message, details: Mapping[str, Any]) -> Message:
    """A message with more details."""
    return replace(message, details={**message.details, **details})
