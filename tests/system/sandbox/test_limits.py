"""Bounds of processor time and memory for a part of the work."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys

import pytest

from desktop_vlm.service.child import TOO_SLOW, why_it_ended
from desktop_vlm.system.sandbox import less_memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")

WORK = """
import hashlib, time
from desktop_vlm.system.sandbox import limit_processor_time, unlimited_processor_time
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        hashlib.sha256(bytes(1 << 20)).digest()
"""


def ended(body: str) -> int:
    return subprocess.run([sys.executable, "-c", WORK + body], check=False, capture_output=True).returncode


def test_what_takes_too_long_is_ended_also_within_a_library() -> None:
    assert ended("with limit_processor_time(0.1):\n    compute(9)") == -signal.SIGPROF
    assert (
        ended("with limit_processor_time(0.1):\n    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**8)") == -signal.SIGPROF
    )
    assert why_it_ended(signal.SIGPROF, crashed=True, log=()) == TOO_SLOW


def test_what_does_not_is_not() -> None:
    waits = "with limit_processor_time(0.1):\n    time.sleep(0.2)\n"
    waits += "    with unlimited_processor_time():\n        compute(0.3)\n"
    assert ended(waits + "compute(0.2)\nprint('there')") == 0
    assert ended(waits + "with limit_processor_time(0.1):\n    compute(9)") == -signal.SIGPROF


def test_memory_is_less_for_a_while() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with less_memory(1 << 40):
        with less_memory(1 << 36):
            assert resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 36
        with less_memory(1 << 44):
            assert resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 40
    assert resource.getrlimit(resource.RLIMIT_AS) == before
