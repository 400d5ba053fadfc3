"""Llama Guard 3 11B Vision: an mllama model that judges a conversation instead of carrying it on.

The prompt is that of its chat template: one user turn with the task, the hazard categories and the conversation, and
the image, if there is one, in front of all. What the conversation says is never read as a control token.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer

_SPEAKERS = {"user": "User", "assistant": "Agent"}
_CATEGORIES = (
    "Violent Crimes",
    "Non-Violent Crimes",
    "Sex Crimes",
    "Child Exploitation",
    "Defamation",
    "Specialized Advice",
    "Privacy",
    "Intellectual Property",
    "Indiscriminate Weapons",
    "Hate",
    "Self-Harm",
    "Sexual Content",
    "Elections",
)
"""S1 to S13, worded as the model was trained on them."""

_MARK = "BEGIN UNSAFE CONTENT CATEGORIES"


def is_guard(name: str, chat_template: str) -> bool:
    """Whether a language model is a Llama Guard, by what its GGUF calls itself or by its chat template."""
    return _MARK in chat_template or "llama-guard" in name.lower().replace(" ", "-").replace("_", "-")


class GuardFormat:
    """A conversation as something to be judged (`runtime.chat_format.ChatFormat`)."""

    name = "Llama Guard 3"
    control_tokens = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        """The last turn is judged; what a system message says is no part of the conversation."""
        spoken = [turn for turn in turns if turn.role in _SPEAKERS]
        judged = _SPEAKERS[spoken[-1].role]
        writer.control("<|begin_of_text|>")
        self._header(writer, "user")
        writer.text("\n\n")
        images = [key for turn in spoken for key in turn.images]
        for key in images[-1:]:
            writer.image(key)
            writer.text(" ")
        writer.text(_task(judged))
        for turn in spoken:
            writer.text(f"{_SPEAKERS[turn.role]}: {turn.text.strip()}\n\n")
        writer.text(_question(judged))
        writer.control("<|eot_id|>")
        self._header(writer, "assistant")

    def _header(self, writer: Writer, role: str) -> None:
        writer.control("<|start_header_id|>")
        writer.text(role)
        writer.control("<|end_header_id|>")


def _task(judged: str) -> str:
    categories = "".join(f"S{number}: {name}.\n" for number, name in enumerate(_CATEGORIES, 1))
    return (
        f"Task: Check if there is unsafe content in '{judged}' messages in conversations according our safety policy "
        f"with the below categories.\n\n<{_MARK}>\n{categories}<END UNSAFE CONTENT CATEGORIES>\n\n"
        "<BEGIN CONVERSATION>\n\n"
    )


def _question(judged: str) -> str:
    return (
        f"<END CONVERSATION>\n\nProvide your safety assessment for ONLY THE LAST {judged} message in the above "
        "conversation:\n - First line must read 'safe' or 'unsafe'.\n - If unsafe, a second line must include a "
        "comma-separated list of violated categories. "
    )
