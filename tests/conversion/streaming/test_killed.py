"""The process is killed at any step of its work, again and again, and the next one goes on."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Callable
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

from huggingface_hub import constants

from desktop_vlm.conversion.streaming.limits import Limits
from desktop_vlm.conversion.streaming.output import PartialFile
from desktop_vlm.conversion.streaming.remote_weights import BEGINNING_BYTES
from desktop_vlm.conversion.streaming.run import stream
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.convert import Downloads, convert
from desktop_vlm.hub.access import Access
from tests.conversion.streaming.usage import values_of
from tests.hub.server import HubServer

ID = "org/vision"
LIMITS = Limits(piece_bytes=60_000, window_bytes=300_000, save_bytes=80_000, connections=3)
KILLS = 20


def convert_and_die(out: Path, access: Access, cache: Path, steps: int) -> None:
    """Convert, and be killed before or after one of the calls that change something on the disk."""
    constants.HF_HUB_CACHE = str(cache)
    sys.modules[stream.__module__].__dict__["LIMITS"] = LIMITS
    left = count(steps, -1)

    def mortal(call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def inner(*args: Any, **options: Any) -> Any:
            for is_after in (False, True):
                if next(left) == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                if not is_after:
                    result = call(*args, **options)
            return result

        return inner

    for owner, name in ((PartialFile, "write"), (Spool, "append"), (Spool, "drop"), (os, "fsync"), (Path, "replace")):
        setattr(owner, name, mortal(getattr(owner, name)))
    convert(ID, out, downloads=Downloads(lambda: access))


def test_killed_anywhere_it_goes_on_where_it_was(
    hub: HubServer, access: Access, checkpoint_folder: Callable[[str], Path], tmp_path: Path, hub_cache: Path
) -> None:
    folder = checkpoint_folder("gamma")
    repository = hub.add_folder(ID, folder)
    for name in repository.files:
        repository.digests(name)
    shards = sorted(folder.glob("*.safetensors"))
    assert len(shards) > 1
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "huggingface_hub.hf_api"])
    rng, n_killed = random.Random(3), 0
    while True:
        steps = rng.randint(1, 80) if n_killed < KILLS else -1
        process = context.Process(target=convert_and_die, args=(tmp_path / "out", access, hub_cache, steps))
        process.start()
        process.join(60)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        assert list((tmp_path / "out").glob("*.gguf")) == [] or n_killed > 5
        n_killed += 1
    assert n_killed >= KILLS // 2
    expected = convert(folder, tmp_path / "expected")
    found = {path.name.partition("-")[2]: values_of(path) for path in (tmp_path / "out").glob("*.gguf")}
    assert found == {path.name.partition("-")[2]: values_of(path) for path in (expected.text, expected.mmproj)}
    headers = BEGINNING_BYTES * len(shards) * (n_killed + 1)
    again = hub.sent_bytes("*.safetensors") - sum(path.stat().st_size for path in shards) - headers
    assert again <= n_killed * LIMITS.connections * 64 * 1024  # what was between server and disk
    print(f"killed {n_killed} times, {again} bytes sent again")
