"""Rendering a chat template in another process, with a deadline."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop_vlm.system.own_modules import child_folder, script_command

_CHILD = Path(__file__).with_name("child.py")
_DEADLINE_S = 5.0
_MEMORY_BYTES = 512 << 20
_LONGEST_REASON = 200


class TemplateFailed(Exception):  # noqa: N818 - its text is part of a sentence, not one
    """A template refused a conversation, or could not be run; the text says why."""


def render_template(
    template: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    bos_token: str,
    eos_token: str,
    deadline_s: float = _DEADLINE_S,
    memory_bytes: int = _MEMORY_BYTES,
) -> str:
    """What a template makes of a conversation that waits for its next answer.

    Args:
        template: in Jinja, as Hugging Face's models have it.
        messages: with `role` and `content` each.
        bos_token: name of the token that starts a sequence.
        eos_token: name of the one that ends it.
        deadline_s: when it is given up.
        memory_bytes: of the process that renders it.

    Raises:
        TemplateFailed: it raised something, or took too much time or memory.
    """
    request = {
        "template": template,
        "messages": list(messages),
        "bos_token": bos_token,
        "eos_token": eos_token,
        "cpu_s": max(1, round(deadline_s)),
        "memory_bytes": memory_bytes,
    }
    try:
        done = subprocess.run(
            script_command(_CHILD),
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=deadline_s,
            check=False,
            cwd=child_folder(),
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise TemplateFailed(f"it takes longer than {deadline_s:g} seconds") from None
    except OSError as error:
        raise TemplateFailed(f"its process could not be started: {error}") from error
    except ValueError:
        raise TemplateFailed("its process ended without a result, most likely for want of time or memory") from None
    if "text" not in answer:
        raise TemplateFailed(_one_line(str(answer.get("error", ""))))
    return str(answer["text"])


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:_LONGEST_REASON].rstrip(".")
