"""The process that renders a chat template. It is confined, and has little time and memory.

A template is a program of a stranger: jinja2's sandbox keeps it from files and attributes, but not from endless loops
or huge texts. This is run as a script: one JSON object comes in by standard input, one goes out by standard output.

With `--serve` it stays: one object a line, each rendered by a forked process. A process that gives up the right to
start others starts it before.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import signal
import sys
from typing import Any

_BY_THE_CLOCK = 8
"""So many times the processor time may pass: on a busy machine, others have their turns, too."""
MOST_BYTES = 64 << 20
"""Of one answer."""


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
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # not before there is a template: most models need none

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
    from jinja2.exceptions import TemplateError

    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.datetime.now().strftime(form)


def main() -> None:
    """Read a request, answer it, end; or answer one after the other."""
    if "--serve" in sys.argv:
        serve()
        return
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


def serve() -> None:
    """Answer requests until the input ends."""
    for line in sys.stdin.buffer:
        import desktop_vlm.system.sandbox  # noqa: F401 - all of it once for all that are forked

        found = _forked(line, json.loads(line)["cpu_s"])
        sys.stdout.buffer.write(found + b"\n")
        sys.stdout.buffer.flush()


def _forked(line: bytes, most_s: float) -> bytes:
    """The answer to one request, from a process that is ended when it takes too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(_BY_THE_CLOCK * int(most_s) + 1)  # `limit_resources` is by processor time
            _write(writing, json.dumps(answer(json.loads(line))).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        found = pipe.read(MOST_BYTES + 1)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if found and len(found) <= MOST_BYTES and b"\n" not in found:
        return found
    late = {signal.SIGALRM, signal.SIGXCPU, *(() if found else (signal.SIGKILL,))}
    was_late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in late
    return json.dumps({"late": True} if was_late else {}).encode()


def _write(writing: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(writing, left) :]


def answer(request: dict[str, Any]) -> dict[str, str]:
    """What comes of a request; this process is limited and confined from here on."""
    import jinja2.ext
    import jinja2.sandbox  # noqa: F401 - before that

    from desktop_vlm.system.sandbox import Needs, confine

    confine(Needs())  # should a template leave Jinja's sandbox
    limit_resources(request["cpu_s"], request["memory_bytes"])
    try:
        return {"text": render(request)}
    except MemoryError:
        return {"error": "it takes too much memory"}
    except Exception as error:  # noqa: BLE001 - a template can raise anything, also what Python raises
        return {"error": f"{error}" or type(error).__name__}


if __name__ == "__main__":
    main()
