"""The process that renders a chat template. It imports nothing of this program and has little time and memory.

A template is a program of a stranger: jinja2's sandbox keeps it from files and attributes, but not from endless loops
or huge texts. This is run as a script: one JSON object comes in by standard input, one goes out by standard output.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
from typing import Any

from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


def limit_resources(cpu_s: int, memory_bytes: int) -> None:
    """Let the system end this process when it takes more; where the system knows no such limits, nothing happens."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


def render(request: dict[str, Any]) -> str:
    """The text that `template` makes of `messages`, with the names that Hugging Face gives to templates."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _now
    template = environment.from_string(request["template"])
    return template.render(
        messages=request["messages"],
        bos_token=request["bos_token"],
        eos_token=request["eos_token"],
        add_generation_prompt=True,
        tools=None,
        documents=None,
    )


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> None:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.datetime.now().strftime(form)


def main() -> None:
    """Read a request, answer it, end."""
    request = json.load(sys.stdin)
    limit_resources(request["cpu_s"], request["memory_bytes"])
    try:
        answer = {"text": render(request)}
    except MemoryError:
        answer = {"error": "it takes too much memory"}
    except Exception as error:  # noqa: BLE001 - a template can raise anything, also what Python raises
        answer = {"error": f"{error}" or type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
