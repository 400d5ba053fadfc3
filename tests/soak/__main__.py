"""`python -m tests.soak [NAME ...]`: load and soak, one program after the other, each in a process of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.soak import disk, display, engines, races, stores  # noqa: F401 - each enters its programs
from tests.soak.report import SOAKS

_IN_MEMORY = Path("/dev/shm")
"""Where there is such a folder: a history waits for its disk after every message."""


def main() -> int:
    """Run them; 1 where something is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SOAKS)}; without, all")
    parser.add_argument("--short", action="store_true", help="the slice that is in the suite")
    parser.add_argument("--here", action="store_true", help="one of them, in this process")
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if args.here:
        return _run(args.names[0], args.short)
    code = 0
    for name in args.names or SOAKS:
        command = [sys.executable, "-m", "tests.soak", "--here", name, *(["--short"] if args.short else [])]
        code |= subprocess.run(command, check=False).returncode
    return code


def _run(name: str, short: bool) -> int:
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        report = SOAKS[name](Path(folder), short)
    print(f"{name} ({time.monotonic() - began_s:.0f} s)")
    for what, figure in report.figures.items():
        print(f"  {what}: {figure}")
    for sentence in report.bad:
        print(f"  BAD {sentence}")
    sys.stdout.flush()
    return int(bool(report.bad))


if __name__ == "__main__":
    sys.exit(main())
