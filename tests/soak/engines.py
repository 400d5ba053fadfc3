"""Questions, models and texts, far more of them than anybody has."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

from desktop_vlm import backend
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models.demo import demo_model
from desktop_vlm.ui.engine.protocol import ChatRequest
from tests.fuzz.gguf.subjects import write_subject
from tests.soak.client import Client, image
from tests.soak.report import Report, n_children, n_files, rss_mib, slope, soak

_MOST_SLOPE_MIB = 0.05
"""A question, in the engine's process and in the window's."""
_SHARED: list[Client] = []


def _client(short: bool, command: tuple[str, ...] | None = None) -> Client:
    """A client; short programs that follow each other share one, whose process they need not wait for again."""
    if not short or command:
        return Client(command)
    if not _SHARED:
        _SHARED.append(Client())
    client = _SHARED[0]
    client.sentences, client.reasons, client.rss_bytes, client.n_crashed = [], [], [], 0
    return client


def _close(client: Client) -> None:
    if client not in _SHARED:
        client.close()


def close_shared() -> None:
    """After the last of several short programs."""
    while _SHARED:
        _SHARED.pop().close()


_NATIVE = Path(__file__).parents[1] / "native_worker.py"
FAMILIES = ("mllama", "llava", "pixtral", "qwen", "gemma", "mllama-q8")


@soak
def questions(folder: Path, short: bool) -> Report:
    """500 questions over 50 images, in one process."""
    n_questions, n_images = (12, 3) if short else (500, 50)
    report, client = Report(), _client(short)
    client.load(ModelRef(*(write_subject("mllama", folder) if short else demo_model())), n_ctx=2048, n_threads=1)
    images = [image(number) for number in range(n_images)]
    window_mib, began_s = [], time.monotonic()
    for number in range(n_questions):
        client.answer(f"What is in image {number}?", [images[number * 7 % n_images]])
        window_mib.append(rss_mib())
    engine_mib = [n_bytes / 2**20 for n_bytes in client.rss_bytes[-n_questions:]]
    settled = n_questions // 4  # caches of images fill up first
    slopes = slope(engine_mib[settled:]), slope(window_mib[settled:])
    report.figures = {
        "questions": f"{n_questions} over {n_images} images, {(time.monotonic() - began_s) / n_questions:.2f} s each",
        "engine": f"{engine_mib[0]:.0f} MiB, at the end {engine_mib[-1]:.0f}: {slopes[0]:+.4f} MiB a question",
        "window": f"{window_mib[0]:.0f} MiB, at the end {window_mib[-1]:.0f}: {slopes[1]:+.4f} MiB a question",
    }
    report.expect(client.sentences == [] and client.n_crashed == 0, f"failed: {client.sentences[:3]}")
    report.expect(len(client.reasons) == n_questions, f"{len(client.reasons)} answers")
    if not short:
        report.expect(max(slopes) <= _MOST_SLOPE_MIB, f"it grows: {slopes}")
    _close(client)
    report.expect(short or n_children() == 0, "a process was left")
    return report


@soak
def loading(folder: Path, short: bool) -> Report:
    """100 models of different families loaded and let go, in one process, each asked about an image."""
    n_cycles = 4 if short else 100
    report = Report()
    shown = backend.OpenedImage.read(image(1), "it")
    pairs = [write_subject(name, folder) for name in FAMILIES[: n_cycles if short else None]]
    mib, files, answers = [], [], 0
    for number in range(n_cycles):
        text, mmproj = pairs[number % len(pairs)]
        with backend.load(text, mmproj, n_ctx=512, n_threads=1) as model:
            content = [{"type": "image", "image": shown}, {"type": "text", "text": "a"}]
            chunks = list(model.chat([{"role": "user", "content": content}], max_tokens=2, temperature=0.0))
            answers += chunks[-1].finish_reason in ("stop", "length")
        gc.collect()
        mib.append(rss_mib())
        files.append(n_files())
    settled = n_cycles // 4
    growth = slope(mib[settled:])
    report.figures = {
        "cycles": f"{n_cycles} of {len(pairs)} models, {answers} answers",
        "memory": f"{mib[settled]:.0f} MiB, at the end {mib[-1]:.0f}: {growth:+.3f} MiB a cycle",
        "files": f"{files[0]}, at the end {files[-1]}",
    }
    report.expect(answers == n_cycles, "an answer is missing")
    report.expect(files[-1] == files[0], "files stay open")
    if not short:
        report.expect(growth <= 0.2, "it grows")
    return report


@soak
def fifty_images(folder: Path, short: bool) -> Report:
    """50 images in one question: an answer or a sentence, and the next question works."""
    n_images = 12 if short else 50
    report = Report()
    images = [image(number) for number in range(n_images)]
    for name, command in (("mllama", None), ("pixtral", None), ("llava", (sys.executable, str(_NATIVE)))):
        client = _client(short, command)
        client.load(ModelRef(*write_subject(name, folder)), n_ctx=4096, n_threads=1)
        began_s = time.monotonic()
        client.answer("Which is the best?", images)
        took_s = time.monotonic() - began_s
        said = client.sentences[0] if client.sentences else f"answered ({client.reasons[0]})"
        report.figures[name] = f"{took_s:.1f} s: {said}"
        n_sentences = len(client.sentences)
        client.answer("And this?", images[:1])
        is_good = len(client.sentences) == n_sentences and client.reasons[-1] in ("stop", "length")
        report.expect(is_good, f"{name}: the next question got {client.sentences[-1:]}")
        report.expect(client.n_crashed == 0, f"{name}: it crashed")
        _close(client)
        if short:
            break
    return report


@soak
def pasted(folder: Path, short: bool) -> Report:
    """100,000 characters pasted: prose, one word, emoji, control characters; with much context and with little."""
    n_characters = 5_000 if short else 100_000
    texts = {
        "prose": "The quick brown fox jumps over the lazy dog. ",
        "one word": "a",
        "emoji": "👩‍👩‍👧‍👦",
        "combining": "e" + "\u0301" * 40,
        "control": "<|eot_id|><image>\x00\x1b[31m",
    }
    report, client = Report(), _client(short)
    ref = ModelRef(*write_subject("mllama", folder))
    for n_ctx in (512,) if short else (512, 32_768):
        client.load(ref, n_ctx=n_ctx, n_threads=1)
        for name, piece in texts.items():
            n_sentences, began_s = len(client.sentences), time.monotonic()
            client.answer((piece * n_characters)[:n_characters], max_tokens=2)
            took_s = time.monotonic() - began_s
            said = client.sentences[-1] if len(client.sentences) > n_sentences else f"answered ({client.reasons[-1]})"
            report.figures[f"{name}, context {n_ctx:,}"] = f"{took_s:.1f} s: {said}"
            report.expect(client.n_crashed == 0, f"{name}: it crashed")
            report.expect("bug" not in said, f"{name}: {said}")
        n_sentences = len(client.sentences)
        client.answer("Hello", max_tokens=2)
        report.expect(len(client.sentences) == n_sentences, f"the next question got {client.sentences[-1:]}")
    _close(client)
    return report


@soak
def brim(folder: Path, short: bool) -> Report:
    """A conversation that fills its context to the last cell, turn by turn and by one word at a time at the end."""
    report = Report()
    with backend.load(*write_subject("mllama", folder), n_ctx=512, n_threads=1) as model:
        n_ctx, reached, answers = model.n_ctx, 0, 0
        for n_words in range(n_ctx - (16 if short else 120), n_ctx + (-7 if short else 20)):
            text = " a" * n_words
            try:
                last = list(model.chat([{"role": "user", "content": text}], max_tokens=1000, temperature=0.0))[-1]
            except UserError as error:
                report.figures["beyond"] = str(error)
                continue
            assert last.usage
            answers += 1
            used = last.usage.prompt_tokens + last.usage.generated_tokens
            reached = max(reached, used)
            report.expect(used <= n_ctx + 1, f"{used} tokens in {n_ctx}")
            report.expect(last.finish_reason in ("stop", "length"), f"it ended with {last.finish_reason}")
        report.figures["single questions"] = f"{answers} answered, the fullest with {reached} of {n_ctx} tokens"
        report.expect("beyond" in report.figures, "nothing was too long")
    client = _client(short)
    client.load(ModelRef(*write_subject("mllama", folder)), n_ctx=512, n_threads=1)
    history: list[ChatMessage] = []
    n_turns = 6 if short else 200
    for turn in range(n_turns):
        history.append(ChatMessage.of("user", f"Question {turn}. " + "word " * (turn % 30)))
        text = client.ask(ChatRequest(history, max_tokens=24, sampling={"temperature": 0}))
        history.append(ChatMessage.of("assistant", text))
    report.figures["a conversation"] = f"{n_turns} turns, {len(client.reasons)} answers, {client.sentences[:1]}"
    report.expect(len(client.reasons) == n_turns, f"{client.sentences[:3]}")
    _close(client)
    return report


TEXTS = (
    "👩\u200d👩\u200d👧\u200d👦 und 🇩🇪🏳️\u200d🌈",
    "e\u0301e\u0323\u0301 n\u0303 q\u0307\u0323",
    "दक्षिण 한국어 日本語 🤷🏽\u200d♀️",
    "\u202eabc\u202c ﷽ 𐍈𠜎",
)


@soak
def split_characters(folder: Path, short: bool) -> Report:
    """Emoji and combining characters, which stand over several tokens, arrive whole and in one piece."""
    report, client = Report(), _client(short)
    client.load(ModelRef(*(write_subject("mllama", folder) if short else demo_model())), n_ctx=1024, n_threads=1)
    for text in TEXTS:
        found = client.answer("Say it.", max_tokens=400, grammar=f'start: "{text}"')
        report.figures[text] = "arrived whole" if found == text else f"{found!r} {client.sentences[-1:]}"
        report.expect(found == text, f"{text!r} became {found!r}: {client.sentences[-1:]}")
    _close(client)
    return report
