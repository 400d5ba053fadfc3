"""Every message of a long job arrives as it was sent."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import get_args

import pytest

from desktop_vlm.api.library import (
    Fit,
    FoundModel,
    GetPlan,
    InstalledModel,
    Library,
    Origin,
    PartialModel,
    Speed,
    Verification,
)
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import job_frames as frames
from desktop_vlm.service.framing import ProtocolError

SETTINGS = frames.JobSettings(Path("/models"), (ModelRef(Path("/else/a.gguf"), Path("/else/b.gguf")),), "", True)
MODEL = InstalledModel(
    id="llama-q4",
    name="Llama ä",
    family="mllama",
    files=ModelRef(Path("/models/a/t.gguf"), None),
    text_type="Q4_K_M",
    vision_type="",
    text_bytes=2**40,
    mmproj_bytes=0,
    origin=Origin("hub", "org/name", "c0ffee"),
    is_owned=True,
    speed=Speed(12.5, 0.25),
)
PARTIAL = PartialModel("x", "X", "org/x", "Q4_K_M", "Q8_0", 5, 10)
PLAN = GetPlan("X", "org/x", "c0ffee", "Q4_K_M", "Q8_0", True, 1, 2, 3, 4, "MIT", "https://x", False, ("A note.",))
MESSAGES: list[frames.Message] = [
    frames.Hello("0.1", frames.PROTOCOL),
    frames.PlanGet(SETTINGS, "org/x"),
    frames.GetModel(SETTINGS, "org/x", "Q4_K_M", "Q8_0"),
    frames.ImportModel(SETTINGS, Path("/ollama"), "llama3.2-vision:latest"),
    frames.ConvertModel(SETTINGS, Path("/checkpoint"), "Q8_0"),
    frames.VerifyModel(SETTINGS, "llama-q4"),
    frames.ListModels(SETTINGS),
    frames.FitModels(SETTINGS, LoadOptions(n_ctx=8192), ("x",)),
    frames.RenameModel(SETTINGS, "llama-q4", "Mine"),
    frames.RemoveModel(SETTINGS, "llama-q4"),
    frames.DiscardPartial(SETTINGS, "x"),
    frames.FindModels(SETTINGS, (Path("/dropped"),)),
    frames.KeepToken(SETTINGS, "hf_secret"),
    frames.Stop(),
    frames.Progress(JobProgress("download", 1, 2, 3.5, None, "model.safetensors")),
    frames.Planned(PLAN),
    frames.Finished(MODEL),
    frames.Verified(Verification("llama-q4", ("Bad.",), True, 3)),
    frames.Listed(Library((MODEL,), (PARTIAL,), ("Odd.",))),
    frames.Fitted((Fit("x", "Q4_K_M", "partly", "Half of it.", 2**33),), "A GPU, 8 GB", 2**40),
    frames.Found((FoundModel("x:7b", "Ollama", Path("/ollama"), 5, "A note.", "A problem."),), True),
    frames.TokenState(True),
    frames.Stopped(),
    frames.Failed("No.", "licence", "https://x"),
    frames.Pulse(),
]


def test_every_message_arrives_as_it_was_sent() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(frames.Message))
    data = b"".join(piece for message in MESSAGES for piece in frames.encode(message))
    assert list(frames.FrameReader().feed(data)) == MESSAGES


def test_paths_of_any_bytes_arrive_as_they_were_sent() -> None:
    odd = Path(os.fsdecode(b"/caf\xe9/\xff \xf0\x9f\x98\x80"))
    job = frames.ImportModel(frames.JobSettings(odd, (ModelRef(odd, odd),)), odd, "a")
    assert list(frames.FrameReader().feed(b"".join(frames.encode(job)))) == [job]


@pytest.mark.parametrize("value", [None, 3, [], {}, {"bytes": 3}, {"bytes": "zz"}, {"a": "00", "b": "00"}])
def test_what_is_no_path_is_refused(value: object) -> None:
    (data,) = frames.encode(frames.ListModels(frames.JobSettings(Path("/x"))))
    header = json.loads(data[4:])
    header["settings"]["models_folder"] = value
    raw = json.dumps(header).encode()
    with pytest.raises(ProtocolError, match="models_folder is no path"):
        list(frames.FrameReader().feed(struct.pack(">I", len(raw)) + raw))


def test_messages_of_the_engine_are_none_of_a_job() -> None:
    from desktop_vlm.service import frames as engine_frames

    with pytest.raises(ProtocolError, match="unknown kind"):
        list(frames.FrameReader().feed(b"".join(engine_frames.encode(engine_frames.Chunk(1, "x")))))


def test_a_token_does_not_show_itself() -> None:
    assert "hf_secret" not in repr(frames.KeepToken(SETTINGS, "hf_secret"))
