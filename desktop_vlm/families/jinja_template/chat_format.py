"""A conversation written by the model's own chat template, in which nothing that a person wrote can become a command.

The template never sees a text or an image: in their place stand random names, and the result is cut there. Only what
the template itself wrote is searched for control tokens.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.families.jinja_template.render import TemplateFailed, render_template
from desktop_vlm.runtime.chat_format import Turn, Writer
from desktop_vlm.runtime.text_model import TextModel

_LOG = logging.getLogger(__name__)

_MARKER = re.compile(r"^[<\[].*[>\]]$", re.DOTALL)


@dataclass
class _Names:
    """Random names for texts and images; nobody can guess them, so no text holds one."""

    secret: str = field(default_factory=lambda: secrets.token_hex(8))
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, kind: str, value: str) -> str:
        name = f"x{self.secret}x{len(self.parts)}x"
        self.parts[name] = kind, value
        return name

    def split(self, text: str) -> list[str]:
        """The pieces of a rendered text; names are pieces of their own."""
        return [piece for piece in re.split(f"(x{self.secret}x[0-9]+x)", text) if piece]


@dataclass(frozen=True)
class JinjaFormat:
    """The format of one file (`runtime.chat_format.ChatFormat`).

    Attributes:
        template: `tokenizer.chat_template` of the GGUF.
        bos_token, eos_token: names of these tokens, for the template.
        typed: whether it wants a message's content as a list of parts, not as a text.
    """

    template: str
    bos_token: str
    eos_token: str
    typed: bool = False
    name: str = "the model's own chat template"
    control_tokens: tuple[str, ...] = ()

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        """Write a conversation.

        Raises:
            UserError: the template refuses it.
        """
        try:
            pieces, names = self._render(turns)
        except TemplateFailed as error:
            raise UserError(
                f"The model's chat template does not accept this conversation ({error}); start a new conversation, or "
                "leave out the system message."
            ) from error
        tokens = writer.model.special_tokens
        bos = writer.model.bos
        if bos is not None and not (pieces and self.bos_token and pieces[0].startswith(self.bos_token)):
            writer.token(bos)
        for piece in pieces:
            kind, value = names.parts.get(piece, ("template", piece))
            if kind == "image":
                writer.image(value)
            elif kind == "text":
                write_plainly(writer, value, tokens)
            else:
                _write_template_text(writer, piece, tokens)

    def _render(self, turns: Sequence[Turn]) -> tuple[list[str], _Names]:
        """Pieces, and what the names among them stand for; a template without system messages gets none."""
        try:
            return self.attempt(turns)
        except TemplateFailed:
            if turns[0].role != "system" or len(turns) < 2:
                raise
        system, first, *rest = turns
        folded = Turn(first.role, (("text", f"{system.text}\n\n"), *first.parts))
        return self.attempt([folded, *rest])

    def attempt(self, turns: Sequence[Turn]) -> tuple[list[str], _Names]:
        """Render a conversation as it is: pieces, and what the names among them stand for.

        Raises:
            TemplateFailed: the template refuses it or loses a part of it.
        """
        names = _Names()
        messages = [self._message(turn, names) for turn in turns]
        text = render_template(self.template, messages, bos_token=self.bos_token, eos_token=self.eos_token)
        pieces = names.split(text)
        found = [piece for piece in pieces if piece in names.parts]
        if found != list(names.parts):
            raise TemplateFailed("it leaves out or repeats a part of the conversation")
        return pieces, names

    def _message(self, turn: Turn, names: _Names) -> dict[str, Any]:
        named = [names.name(kind, value) for kind, value in turn.parts]
        content: Any = [{"type": "text", "text": name} for name in named] if self.typed else "".join(named)
        return {"role": turn.role, "content": content}


def find_format_of(text: TextModel) -> JinjaFormat | None:
    """The format of a language model's file; None where it has no template, or one that cannot be used."""
    template = text.setting("tokenizer.chat_template")
    if not template:
        return None
    found = find_format(template, *_names_of_ends(text))
    if found is None:
        _LOG.warning("the chat template of %s cannot be used; another format is taken", text.path.name)
    return found


def _names_of_ends(text: TextModel) -> tuple[str, str]:
    """Names of the tokens that start and end a sequence; empty where the file has none."""
    by_id = {str(token): name for name, token in text.special_tokens.items()}
    bos, eos = (text.setting(f"tokenizer.ggml.{end}_token_id") for end in ("bos", "eos"))
    return by_id.get(bos, ""), by_id.get(eos, "")


def find_format(template: str, bos_token: str, eos_token: str) -> JinjaFormat | None:
    """How to use a file's template; None where it cannot show a text with an image at all."""
    sample = [Turn("user", (("image", "sample"), ("text", "sample")))]
    for typed in (False, True):
        candidate = JinjaFormat(template, bos_token, eos_token, typed)
        try:
            pieces, names = candidate.attempt(sample)
        except TemplateFailed:
            continue
        if not any("'type'" in piece or '"type"' in piece for piece in pieces if piece not in names.parts):
            return candidate
    return None


def write_plainly(writer: Writer, text: str, tokens: Mapping[str, int]) -> None:
    """Write what a person wrote.

    The tokenizer leaves control tokens alone here, but not all files call theirs so: names in brackets that a file
    lists as ordinary additions to its vocabulary are cut behind their first character.
    """
    names = sorted((name for name in tokens if _MARKER.match(name) and name in text), key=len, reverse=True)
    if not names:
        writer.text(text)
        return
    for piece in re.split("(" + "|".join(re.escape(name) for name in names) + ")", text):
        if piece in names:
            writer.text(piece[0])
            writer.cut()
            writer.text(piece[1:])
        else:
            writer.text(piece)


def _write_template_text(writer: Writer, text: str, tokens: Mapping[str, int]) -> None:
    names = sorted((name for name in tokens if name in text), key=len, reverse=True)
    if not names:
        writer.text(text)
        return
    for piece in re.split("(" + "|".join(re.escape(name) for name in names) + ")", text):
        if piece in tokens:
            writer.token(tokens[piece])
        else:
            writer.text(piece)
