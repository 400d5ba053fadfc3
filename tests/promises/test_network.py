"""Promise 6: no network once the model is there. The proof of the sandbox itself is `tests/system/sandbox`."""

from __future__ import annotations

import socket
import sys

from tests.promises.conftest import Asked, Place, without_network

CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).close()"
THROUGH_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CONNECT!r}, sys.argv[1]], check=True)"


def test_a_question_is_answered_without_a_network_and_asks_for_none(asked: Asked) -> None:
    assert asked.code == 0, asked.err
    assert asked.out.strip() or "cut off" in asked.err
    assert asked.attempts == ""


def test_whoever_asks_for_a_network_is_caught(hostile: Place, asked: Asked) -> None:
    """What the test above rests on: the hook sees it in a child, too, and the namespace stops it."""
    assert asked.attempts == ""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        here = hostile.run(sys.executable, "-P", "-c", THROUGH_CHILD, port)
        seen = hostile.attempts.read_text(encoding="utf-8")
        alone = without_network()
        there = hostile.run(*alone, sys.executable, "-P", "-c", CONNECT, port)
    hostile.attempts.write_text("", encoding="utf-8")
    assert here.returncode == 0, here.stderr
    assert seen.startswith("socket.")
    assert (there.returncode != 0) is bool(alone)
