"""Messages to a prompt, in the form that the model was trained on.

The templates are ours, picked by the vocabulary's control tokens; nothing is rendered from a file. What a
person writes is always plain text: only a template places control tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.text_model import TextModel

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True)
class Turn:
    """One message: a role, and its content with pictures as content keys.

    `parts` holds ("text", text) and ("image", key) in reading order.
    """

    role: str
    parts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "".join(value for kind, value in self.parts if kind == "text")

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(value for kind, value in self.parts if kind == "image")


@dataclass
class _Writer:
    """Collects a prompt. Text that stands together is tokenised together, as the tokenizer would see it."""

    model: TextModel
    image_token: int
    tokens: list[int] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    _text: str = ""

    def text(self, text: str) -> None:
        self._text += text

    def control(self, name: str) -> None:
        token = self.model.control_token(name)
        assert token is not None, name  # `choose_template` looked for it
        self._flush()
        self.tokens.append(token)

    def image(self, key: str) -> None:
        self._flush()
        self.tokens.append(self.image_token)
        self.images.append(key)

    def finish(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        self._flush()
        return tuple(self.tokens), tuple(self.images)

    def _flush(self) -> None:
        if self._text:
            self.tokens += self.model.tokenize(self._text)
            self._text = ""


def _llama3(writer: _Writer, turns: Sequence[Turn]) -> None:
    """Llama 3, as in the chat template of Llama-3.2-11B-Vision-Instruct (without its dates)."""
    writer.control("<|begin_of_text|>")
    for turn in turns:
        _llama3_header(writer, turn.role)
        _write_parts(writer, turn)
        writer.control("<|eot_id|>")
    _llama3_header(writer, "assistant")


def _llama3_header(writer: _Writer, role: str) -> None:
    writer.control("<|start_header_id|>")
    writer.text(role)
    writer.control("<|end_header_id|>")
    writer.text("\n\n")


def _chatml(writer: _Writer, turns: Sequence[Turn]) -> None:
    """ChatML, as SmolLM2-Instruct and many others were trained."""
    for turn in turns:
        writer.control("<|im_start|>")
        writer.text(f"{turn.role}\n")
        _write_parts(writer, turn)
        writer.control("<|im_end|>")
        writer.text("\n")
    writer.control("<|im_start|>")
    writer.text("assistant\n")


def _plain(writer: _Writer, turns: Sequence[Turn]) -> None:
    """For base models, which know no turns: their text one after the other."""
    if writer.model.bos is not None:
        writer.tokens.append(writer.model.bos)
    for turn in turns:
        _write_parts(writer, turn)


def _write_parts(writer: _Writer, turn: Turn) -> None:
    """Pictures first, whatever their place in the message: so the model was trained."""
    for key in turn.images:
        writer.image(key)
    writer.text(turn.text)


Template = Callable[[_Writer, Sequence[Turn]], None]

_TEMPLATES: tuple[tuple[tuple[str, ...], Template], ...] = (
    (("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), _llama3),
    (("<|im_start|>", "<|im_end|>"), _chatml),
)


def choose_template(model: TextModel) -> Template:
    """The template whose control tokens the vocabulary has; a plain one for base models."""
    for names, template in _TEMPLATES:
        if all(model.control_token(name) is not None for name in names):
            return template
    return _plain


def render(
    template: Template, model: TextModel, image_token: int, turns: Sequence[Turn]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Token ids and picture keys of a conversation that waits for its next answer.

    With a picture, a system message moves to the front of the first user message: the model was never
    trained on both.

    Raises:
        UserError: the turns are not a conversation that ends with the user.
    """
    _check(turns)
    if any(turn.images for turn in turns):
        turns = _fold_system(turns)
    writer = _Writer(model, image_token)
    template(writer, turns)
    return writer.finish()


def _check(turns: Sequence[Turn]) -> None:
    if not turns or turns[-1].role != "user":
        raise UserError("The conversation must end with a message of the user.")
    for position, turn in enumerate(turns):
        if turn.role not in ROLES:
            raise UserError(f"A message has the role {turn.role}; the roles are {', '.join(ROLES)}.")
        if turn.role == "system" and position > 0:
            raise UserError("A system message can only be the first message.")
        if turn.images and turn.role != "user":
            raise UserError(f"A picture stands in a message of the {turn.role}; only the user shows pictures.")


def _fold_system(turns: Sequence[Turn]) -> Sequence[Turn]:
    if turns[0].role != "system":
        return turns
    system, first, *rest = turns
    folded = Turn("user", (("text", f"{system.text.strip()}\n\n"), *first.parts))
    return [folded, *rest]
