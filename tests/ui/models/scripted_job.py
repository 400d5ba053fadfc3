"""Stands in for `desktop_vlm.service.job`: the same frames, and models that are lines in a file.

What is "downloaded" waits while there is a file `hold` in the models folder, and `asked` lists what was asked for; the
type F16 wants a token.
"""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from desktop_vlm import __version__
from desktop_vlm.api.library import Fit, FoundModel, InstalledModel, Library, Origin, PartialModel, Verification
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import job_frames as frames

_TOTAL = 1000
_STEPS = 5


class State:
    """What is in the models folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._file = folder / "state.json"
        self.values: dict[str, Any] = {"models": [], "partial": [], "token": False}
        if self._file.exists():
            self.values = json.loads(self._file.read_text(encoding="utf-8"))

    def save(self) -> None:
        self._file.write_text(json.dumps(self.values), encoding="utf-8")

    def listed(self) -> frames.Listed:
        models = tuple(model(name) for name in self.values["models"])
        partial = tuple(PartialModel(f"partial-{one}", one, one, "", "", 400, _TOTAL) for one in self.values["partial"])
        return frames.Listed(Library(models, partial))


def model(name: str) -> InstalledModel:
    files = ModelRef(Path(f"/models/{name}/text.gguf"), None)
    return InstalledModel(name, name, "family", files, "Q4_K_M", "Q8_0", 5, 5, Origin("hub", name), True)


def work(job: frames.Job, state: State) -> frames.Message:
    values = state.values
    answer: frames.Message | None = None
    match job:
        case frames.FindModels(paths=paths):
            found = [FoundModel("llama3.2-vision:11b", "Ollama", Path("/ollama"))] if not paths else []
            found += [FoundModel(path.name, str(path.parent), path) for path in paths if "model" in path.name]
            answer = frames.Found(tuple(found), not paths)
        case frames.FitModels():
            answer = frames.Fitted((Fit("smolvlm2-500m", "Q8_0", "cpu", "All on the processor.", 1),), "A processor", 9)
        case frames.KeepToken(token=token):
            values["token"] = bool(token) if token is not None else values["token"]
            answer = frames.TokenState(values["token"])
        case frames.GetModel(source=source):
            answer = get(job, source, state)
        case frames.ImportModel(name=name):
            values["models"].append(name)
            answer = frames.Finished(model(name))
        case frames.VerifyModel(id=id_):
            answer = frames.Verified(Verification(id_, (), True, 3))
        case frames.RemoveModel(id=id_):
            values["models"].remove(id_)
        case frames.DiscardPartial(id=id_):
            values["partial"].remove(id_.removeprefix("partial-"))
    state.save()
    return answer or state.listed()


def get(job: frames.GetModel, source: str, state: State) -> frames.Message:
    if job.text_type == "F16":
        return frames.Failed("The hub wants a token for this model; enter one.", "token")
    if source not in state.values["partial"]:
        state.values["partial"].append(source)
        state.save()
    step = 0
    while step <= _STEPS:
        send(frames.Progress(JobProgress("download", _TOTAL * step // _STEPS, _TOTAL, 50.0, 3.0)))
        time.sleep(0.01)
        if step < 2 or not (state.folder / "hold").exists():
            step += 1
    state.values["partial"].remove(source)
    state.values["models"].append(source)
    return frames.Finished(model(source))


_SENDING = threading.Lock()


def send(message: frames.Message) -> None:
    with _SENDING:
        for piece in frames.encode(message):
            os.write(1, piece)


def main() -> None:
    reader = frames.FrameReader()
    send(frames.Hello(__version__, frames.PROTOCOL))
    while data := os.read(0, 1 << 16):
        for message in reader.feed(data):
            if isinstance(message, frames.Stop):
                send(frames.Stopped())
                os._exit(0)
            elif isinstance(message, frames.Job):
                threading.Thread(target=do, args=(message,), daemon=True).start()


def do(job: frames.Job) -> None:
    state = State(job.settings.models_folder)
    with (state.folder / "asked").open("a", encoding="utf-8") as asked:
        asked.write(f"{job.kind}\n")
    send(work(job, state))
    os._exit(0)


if __name__ == "__main__":
    main()
