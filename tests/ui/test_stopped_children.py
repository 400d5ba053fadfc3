"""Children that were stopped, and notice nothing, end with their window: however it ends, whatever started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.processes import is_running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing ends a stopped process with another")

STUCK_JOB = Path(__file__).parents[1] / "stuck_job.py"
WINDOW = """
import io, os, signal, sys, threading
from pathlib import Path
from PIL import Image
from PySide6.QtCore import QCoreApplication, QTimer
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.service import job_frames
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.formula_client import FormulaClient
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.models.job_process import JobProcess
from desktop_vlm.ui.text_layer.local import LocalReader

app = QCoreApplication([])
engine, reader, decoder, formulas = LocalEngine(), LocalReader(), DecoderClient(), FormulaClient()
engine.load(ModelRef(Path("/nowhere.gguf")), LoadOptions())
reader.prepare()
job = JobProcess((sys.executable, sys.argv[1]), job_frames.ListModels(job_frames.JobSettings(Path("/"))), app)
job.start()
file = io.BytesIO()
Image.new("RGB", (4, 4)).save(file, "PNG")
def decode_and_lay_out():
    list(decoder.images(file.getvalue(), "it", what="image"))
    formulas.lay_out("x", 14.0, display=False)

work = threading.Thread(target=decode_and_lay_out)  # and ends
work.start()

def tell():
    if not work.is_alive() and engine.pid and reader.pid and job.pid:
        print(engine.pid, reader.pid, job.pid, decoder._idle[0][0].pid, formulas.pid, flush=True)
        watch.stop()

def end(number, _frame):
    for one in (engine, reader, job, decoder, formulas):
        one.close()
    print("closed", flush=True)
    os._exit(0)

signal.signal(signal.SIGUSR1, end)
watch = QTimer(interval=20)
watch.timeout.connect(tell)
watch.start()
beat = QTimer(interval=20)  # so that signals are noticed
beat.timeout.connect(lambda: None)
beat.start()
QTimer.singleShot(60_000, lambda: os._exit(3))  # where one of them does not start
app.exec()
"""


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGSEGV, signal.SIGUSR1], ids=["killed", "crashed", "closed"])
def test_no_stopped_child_outlives_its_window(way: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", WINDOW, str(STUCK_JOB)], stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout
        pids = [int(word) for word in window.stdout.readline().split()]
        assert len(pids) == 5
        _wait_until_prepared(pids)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        window.send_signal(way)
        ended_s = time.monotonic()
        window.wait(60)
        while any(is_running(pid) for pid in pids) and time.monotonic() - ended_s < 60:
            time.sleep(0.01)
        assert [pid for pid in pids if is_running(pid)] == []


def _wait_until_prepared(pids: list[int]) -> None:
    """Until each has said that it is to end with the window: the first thing it does, and what nobody can see; so
    until it ignores Ctrl-C, which comes with it.
    """
    deadline_s = time.monotonic() + 60
    for pid in pids:
        while not _ignores_interrupts(pid):
            assert time.monotonic() < deadline_s
            time.sleep(0.02)
    time.sleep(0.2)


def _ignores_interrupts(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) & 1 << (signal.SIGINT - 1))
