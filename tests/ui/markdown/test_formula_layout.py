"""A window that ends while one of its formulas is being laid out."""

from __future__ import annotations

import subprocess
import sys
import time

from tools.processes import is_running

HANGING = """
import signal
from desktop_vlm.service import formulas
formulas.lay_out_uncached = lambda latex, size_px, *, display: None if latex == "x" else signal.pause()
formulas.main()
"""
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop_vlm.service.formula_client import FormulaClient
from desktop_vlm.ui.markdown import MarkdownView, formula_layout
from desktop_vlm.ui.theme import Theme

client = FormulaClient((sys.executable, "-c", sys.argv[1]))
client.lay_out("x", 14.0, display=False)  # it has started
formula_layout.atexit.register(client.close)
formula_layout._client = lambda: client
app = QApplication(["window"])
view = MarkdownView(Theme(app))
view.resize(400, 300)
view.show()
view.set_markdown("It is $y$ and $z$.")

def look():
    if client._is_working:
        print(client.pid, flush=True)
        view.close()
        app.quit()

watch = QTimer(interval=5)
watch.timeout.connect(look)
watch.start()
QTimer.singleShot(60_000, lambda: sys.exit(3))
sys.exit(app.exec())
"""


def test_the_window_ends_at_once_and_takes_the_process_along() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, HANGING], capture_output=True, text=True, timeout=120, check=False
    )
    ended_s = time.monotonic()
    assert (done.returncode, done.stderr) == (0, "")
    pid = int(done.stdout)
    while is_running(pid) and time.monotonic() - ended_s < 20:
        time.sleep(0.01)
    assert not is_running(pid)
