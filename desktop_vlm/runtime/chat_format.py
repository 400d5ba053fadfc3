"""Turns to a prompt, in the form that a model was trained on.

The formats are in the families' folders. What a person writes is always plain text: only a format places control
tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.text_model import TextModel

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True)
class Turn:
    """One message: a role, and its content with images as content keys.

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
class Writer:
    """Collects a prompt. Text that stands together is tokenised together, as the tokenizer would see it.

    Attributes:
        model: whose vocabulary it is.
        image_token: the id that stands for an image.
        tokens: what was written so far.
        images: content keys of the images among them, in order.
    """

    model: TextModel
    image_token: int
    tokens: list[int] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    _text: str = ""

    def text(self, text: str) -> None:
        """Add plain text: names of control tokens in it do not stand for those tokens."""
        self._text += text

    def control(self, name: str) -> None:
        """Add a control token, one of the format's `control_tokens`."""
        token = self.model.control_token(name)
        assert token is not None, name  # `choose_format` looked for it
        self.token(token)

    def token(self, token: int) -> None:
        """Add a token by its id."""
        self._flush()
        self.tokens.append(token)

    def image(self, key: str) -> None:
        """Add an image, with whatever its family puts around it."""
        self.token(self.image_token)
        self.images.append(key)

    def parts(self, turn: Turn) -> None:
        """Add texts and images of a turn, in their order."""
        for kind, value in turn.parts:
            if kind == "image":
                self.image(value)
            else:
                self.text(value)

    def cut(self) -> None:
        """Tokenise what comes from here on apart from what came before."""
        self._flush()

    def finish(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Token ids and content keys of the whole prompt."""
        self._flush()
        return tuple(self.tokens), tuple(self.images)

    def _flush(self) -> None:
        if self._text:
            follows = self.tokens not in ([], [self.model.bos])
            self.tokens += self.model.tokenize(self._text, follows=follows)
            self._text = ""


class ChatFormat(Protocol):
    """How a conversation is written for a model.

    Attributes:
        name: of the format, such as `ChatML`.
        control_tokens: the vocabulary's control tokens that it needs; a vocabulary that has them all is taken to
            belong to a model that was trained on this format.
    """

    @property
    def name(self) -> str: ...

    @property
    def control_tokens(self) -> tuple[str, ...]: ...

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        """Write a conversation that waits for its next answer.

        Raises:
            UserError: the model was not trained on such a conversation.
        """
        ...


class PlainFormat:
    """For base models, which know no turns: their text one after the other."""

    name = "plain text"
    control_tokens: tuple[str, ...] = ()

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        if writer.model.bos is not None:
            writer.token(writer.model.bos)
        for turn in turns:
            writer.parts(turn)


Arrange = Callable[[Sequence[Turn]], Sequence[Turn]]
"""A conversation -> the same in the order that a model was trained on."""


def choose_format(formats: Iterable[ChatFormat], model: TextModel) -> ChatFormat | None:
    """The first format whose control tokens the vocabulary has."""
    for one in formats:
        if all(model.control_token(name) is not None for name in one.control_tokens):
            return one
    return None


def render(
    chat_format: ChatFormat,
    arrange: Arrange,
    model: TextModel,
    image_token: int,
    turns: Sequence[Turn],
    *,
    judged: bool = False,
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Token ids and content keys of the images of a conversation that waits for its next answer, or for a verdict.

    Args:
        chat_format: how it is written.
        arrange: in which order.
        model: whose vocabulary to use.
        image_token: the id that stands for an image.
        turns: the conversation.
        judged: whether the model judges the last turn, whosever it is, instead of going on.

    Raises:
        UserError: the turns are not a conversation that ends with the user, or with anybody where it is judged.
    """
    check_turns(turns, judged=judged)
    writer = Writer(model, image_token)
    chat_format.write(writer, arrange(turns))
    return writer.finish()


def check_turns(turns: Sequence[Turn], *, judged: bool = False) -> None:
    """See that this is a conversation that waits for its next answer, or one of which the last turn can be `judged`.

    Raises:
        UserError: it is not.
    """
    if judged and (not turns or turns[-1].role == "system"):
        raise UserError("There is nothing to judge; give a message of the user or an answer.")
    if not judged and (not turns or turns[-1].role != "user"):
        raise UserError("The conversation must end with a message of the user.")
    for position, turn in enumerate(turns):
        if turn.role not in ROLES:
            raise UserError(f"A message has the role {turn.role}; the roles are {', '.join(ROLES)}.")
        if turn.role == "system" and position > 0:
            raise UserError("A system message can only be the first message.")
        if turn.images and turn.role != "user":
            raise UserError(f"An image stands in a message of the {turn.role}; only the user shows images.")
