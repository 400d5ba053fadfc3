"""A small model drafts: answers are those that come one by one, whatever it says."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import harmonic_mean
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.backend import Model
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families import loading
from desktop_vlm.runtime.draft_length import DraftLength, Making
from desktop_vlm.runtime.draft_model import DraftModel
from desktop_vlm.runtime.draft_plan import beside, draft_placement
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.memory import CPU, ModelShape
from desktop_vlm.runtime.model_shape import TextShape
from desktop_vlm.runtime.pass_times import pass_times
from desktop_vlm.runtime.planner import DeviceBudget, plan
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.text_stream import TextStream

PROMPT = (1, 5, 6, 7, 8, 9, 5, 6, 7, 8, 9, 5, 6)
GIB = 1 << 30
OPTIONS = LoadOptions(n_ctx=256, n_threads=1, n_batch=64)


class Eager(DraftLength):
    """Drafts as much as there is room for, whatever that takes."""

    def choose(self, n_chosen: int, n_found: int, agreed: int, making: Making | None = None) -> int:  # noqa: ARG002
        return max(0, min(n_found, 8 - n_chosen))


class Nothing(DraftLength):
    """Drafts nothing."""

    def choose(self, *_: Any) -> int:
        return 0


@pytest.fixture(scope="module")
def other_weights(model_files: Callable[..., ModelFiles], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language model with the tokens of `alpha` and another mind."""
    path = tmp_path_factory.mktemp("draft") / "other.gguf"
    shutil.copyfile(model_files("alpha").text, path)
    places = read_gguf(path).tensors
    random = np.random.default_rng(0)
    with path.open("r+b") as file:
        for name in ("token_embd.weight", "output.weight"):
            file.seek(places[name].offset)
            file.write(random.normal(0, 0.5, places[name].n_bytes // 4).astype(np.float32).tobytes())
    return path


@pytest.fixture(scope="module", params=["itself", "other weights"])
def drafted(
    request: pytest.FixtureRequest, model_files: Callable[..., ModelFiles], other_weights: Path
) -> Iterator[Model]:
    """A model with a draft model that is always right, and with one that hardly ever is."""
    files = model_files("alpha")
    draft = files.text if request.param == "itself" else other_weights
    with backend.load_model(ModelRef(files.text, files.mmproj, draft), OPTIONS) as model:
        draft_of(model)._length = Eager(times=draft_of(model).times)
        yield model


def draft_of(model: Model) -> DraftModel:
    found = model._loaded.draft
    assert found
    return found


def answer(model: Model, *, drafts: bool, n_tokens: int = 40, **sampling: Any) -> tuple[list[int], Generation]:
    """Token ids of an answer, and what made them; text that repeats is left to the draft model."""
    session, draft = model._session, draft_of(model) if drafts else None
    sampler = Sampler(SamplingOptions(**{"temperature": 0.0, **sampling}), model.n_vocab)
    tokens: list[int] = []
    sample = sampler.sample
    sampler.sample = lambda logits: tokens.append(sample(logits)) or tokens[-1]  # type: ignore[method-assign, func-returns-value]
    if draft:
        draft.begin(PROMPT)
    generation = Generation(
        session, sampler, TextStream(()), n_tokens, Drafts(Lookup(), Nothing(), draft) if draft else None
    )
    logits, _ = session.evaluate(Prompt(PROMPT), {})
    for _piece in generation.run(logits[-1]):
        pass
    sampler.close()
    return tokens, generation


@pytest.mark.parametrize("sampling", [{}, {"repeat_penalty": 1.3}, {"temperature": 1.0, "top_k": 4, "seed": 3}])
def test_tokens_are_those_that_come_one_by_one(drafted: Model, sampling: dict[str, Any]) -> None:
    expected, plain = answer(drafted, drafts=False, **sampling)
    found, generation = answer(drafted, drafts=True, **sampling)
    assert found == expected
    assert plain.n_passes == len(expected) - 1
    assert generation.n_passes + generation.n_drafted == len(found) - 1


def test_what_it_says_is_used_where_it_is_right(model_files: Callable[..., ModelFiles], drafted: Model) -> None:
    draft = draft_of(drafted)
    draft.n_drafted = draft.n_right = 0
    _, generation = answer(drafted, drafts=True)
    assert generation.n_drafted == draft.n_right
    if draft._text.path == model_files("alpha").text:
        assert draft.n_right == draft.n_drafted > 0
    else:
        assert draft.n_right <= draft.n_drafted


def test_an_answer_that_comes_again_is_drafted_again(drafted: Model) -> None:
    """Although the draft model's KV cache holds all of it then."""
    draft = draft_of(drafted)
    drafts = []
    for _ in range(2):
        draft.n_drafted = 0
        answer(drafted, drafts=True)
        drafts.append(draft.n_drafted)
    assert drafts[1] == drafts[0] > 0


def test_both_caches_hold_just_the_answer_afterwards(drafted: Model) -> None:
    tokens, _ = answer(drafted, drafts=True)
    whole, draft = [*PROMPT, *tokens], draft_of(drafted)
    assert drafted._session._evaluated == whole[: drafted._session.n_evaluated]
    assert draft._sequence == whole
    assert (draft._start, draft._held[: draft._n_same]) == (0, whole[: draft._n_same])
    alone = draft._text
    assert alone.forget_from(draft._n_same)
    rest = whole[draft._n_same :] or [3]
    reused = alone.decode(rest, draft._n_same, outputs="last", handlers={})
    alone.forget_from(0)
    draft._held.clear()
    again = alone.decode([*whole[: draft._n_same], *rest], 0, outputs="last", handlers={})
    alone.forget_from(0)
    assert np.allclose(again, reused, atol=1e-4)


def test_the_distribution_is_unchanged(drafted: Model) -> None:
    """Of the third token, by a chi-square test over 160 answers."""

    def counted(seeds: Sequence[int], *, drafts: bool) -> Counter[int]:
        options: dict[str, Any] = {"temperature": 1.0, "top_k": 3, "n_tokens": 3}
        return Counter(answer(drafted, drafts=drafts, seed=seed, **options)[0][-1] for seed in seeds)

    plain, ahead = counted(range(80), drafts=False), counted(range(1000, 1080), drafts=True)
    tokens = [token for token in {*plain, *ahead} if plain[token] + ahead[token] >= 10]
    statistic = sum((plain[token] - ahead[token]) ** 2 / (plain[token] + ahead[token]) for token in tokens)
    degrees = max(1, len(tokens) - 1)
    assert statistic < degrees + 4 * (2 * degrees) ** 0.5  # four standard deviations


def test_of_a_long_text_the_end_will_do(drafted: Model) -> None:
    """GIVEN that reading all of it is not worth its time THEN the last tokens are read, and drafts go on from there."""
    draft, read = draft_of(drafted), []
    usual = draft._length

    class Careful(Eager):
        def choose(self, n_chosen: int, n_found: int, agreed: int, making: Making | None = None) -> int:
            assert making
            n_read = round(making.first_s / draft._read_s()) + 1 if draft._read_s() else 0
            read.append(n_read)
            return super().choose(n_chosen, n_found, agreed) if n_read <= 64 else 0

    long = [5 + i % 40 for i in range(100)]
    draft._length = Careful(times=draft.times)
    try:
        draft.begin(long)
        found = draft.draft(1, 4)
        assert (read, draft._start) == ([100, 64], 36)
        assert draft._held[:64] == long[36:]
        draft.follow([*found[:1], 9])
        draft.draft(1, 4)
        assert draft._start == 36
        assert draft._held[: len(draft._sequence) - 36] == draft._sequence[36:]
        assert 1 <= read[2] <= 2
    finally:
        draft._length = usual
    assert answer(drafted, drafts=True)[0] == answer(drafted, drafts=False)[0]


@pytest.mark.parametrize("given", [{}, {"regex": "(ab|ba){20}"}])
def test_in_a_chat_about_an_image(drafted: Model, given: dict[str, Any]) -> None:
    image = Image.linear_gradient("L").convert("RGB").resize((50, 40))
    content = [{"type": "image", "image": image}, {"type": "text", "text": "abc abc"}]

    def said(*, lookup: bool) -> str:
        drafted.forget()
        options = {"temperature": 0.0, "max_tokens": 30, **given}
        chunks = drafted.chat([{"role": "user", "content": content}], lookup=lookup, **options)
        return "".join(chunk.text for chunk in chunks)

    before = draft_of(drafted).n_drafted
    assert said(lookup=True) == said(lookup=False)
    assert draft_of(drafted).n_drafted > before


def test_a_stop_while_it_drafts_leaves_both_usable(drafted: Model) -> None:
    draft = draft_of(drafted)
    expected, _ = answer(drafted, drafts=False, n_tokens=12)
    draft.begin(PROMPT)
    drafted.stop()
    with pytest.raises(Cancelled):
        draft.draft(1, 8)
    drafted._session.clear_stop()
    assert answer(drafted, drafts=True, n_tokens=12)[0] == expected


def test_a_model_with_another_tokenizer_is_refused(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    files, other = model_files("alpha"), model_files("beta")
    with pytest.raises(UserError, match=f"{other.text.name} cannot draft for .*tokenizer is another"):
        backend.load(files.text, draft_path=other.text)
    with pytest.raises(UserError, match="vision projector"):
        backend.load(files.text, draft_path=files.mmproj)
    renamed = tmp_path / "renamed.gguf"  # two tokens of text have changed places
    data = bytearray(files.text.read_bytes())
    places = read_gguf(files.text).settings["tokenizer.ggml.tokens"].start + 8, data.index(b"~")
    data[places[0]], data[places[1]] = data[places[1]], data[places[0]]
    renamed.write_bytes(data)
    with pytest.raises(UserError, match="tokenizer is another"):
        backend.load(files.text, draft_path=renamed)


def test_names_of_control_tokens_may_differ(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    files, renamed = model_files("alpha"), tmp_path / "renamed.gguf"
    data = files.text.read_bytes()
    assert data.count(b"<|reserved_special_token_3|>") == 1
    renamed.write_bytes(data.replace(b"<|reserved_special_token_3|>", b"<|other_name_of_this_token|>"))
    with backend.load_model(ModelRef(files.text, None, renamed), OPTIONS) as model:
        assert draft_of(model).name == "renamed.gguf"
        assert model.placement.endswith("renamed.gguf drafts.")


def test_without_room_the_model_is_loaded_without_it(
    model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = model_files("alpha")
    monkeypatch.setattr(loading, "beside", lambda *_: None)
    with backend.load_model(ModelRef(files.text, None, files.text), OPTIONS) as model:
        assert model._loaded.draft is None
        assert "There is no room for" in model.placement


# Planning

TEXT = TextShape((100 << 20,) * 32, 400 << 20, 280 << 20, 4096, 14336, 32, 1024, 128, 131072, is_f32=False)
SMALL = TextShape((40 << 20,) * 16, 200 << 20, 280 << 20, 2048, 8192, 32, 512, 64, 131072, is_f32=False)


def test_its_memory_is_counted_where_the_model_lies() -> None:
    gpus = [DeviceBudget("CUDA0", 24 * GIB), DeviceBudget("CUDA1", 24 * GIB)]
    large = plan(ModelShape(TEXT, None), gpus, 32 * GIB, LoadOptions())
    both = beside(large, SMALL, gpus, 32 * GIB)
    assert both
    assert both.placement == large.placement
    weights, kv_cache = 16 * (40 << 20) + (200 << 20), 16 * 2 * 4096 * 512 * 2
    assert weights + kv_cache < both.needs["CUDA1"].draft < 1.2 * (weights + kv_cache)
    assert both.needs["CUDA0"] == large.needs["CUDA0"]
    assert both.needs["CUDA1"].total - large.needs["CUDA1"].total == both.needs["CUDA1"].draft
    assert both.needs[CPU].draft == 280 << 20  # the embeddings
    assert draft_placement(SMALL, large.placement).split == (0, 17)


def test_it_takes_nothing_from_the_model() -> None:
    gpus = [DeviceBudget("CUDA0", 5 * GIB)]
    large = plan(ModelShape(TEXT, None), gpus, 32 * GIB, LoadOptions())
    assert large.placement.n_gpu_layers == 33
    assert beside(large, SMALL, gpus, 32 * GIB) is None
    alone = plan(ModelShape(TEXT, None), [], 32 * GIB, LoadOptions())
    found = beside(alone, SMALL, [], 32 * GIB)
    assert found
    assert draft_placement(SMALL, alone.placement).n_gpu_layers == 0
    assert found.needs[CPU].draft > SMALL.output_bytes + 16 * (40 << 20)


# What it costs

TIMES = {1: 5.0, 2: 5.2, 4: 6.0, 8: 8.5, 16: 9.0}


def relative_time(chance: float, *, prompt_ms: float = 0.0, n_tokens: int = 1500, step_ms: float = 1.2) -> float:
    """Of an answer on a GPU with drafts of which each token is right with this chance, to one token a pass."""
    length, random = DraftLength(times=pass_times(on_gpu=True), remembered=0.998), np.random.default_rng(5)
    made, took, unread_ms = 0, 0.0, prompt_ms
    while made < n_tokens:
        read_ms = min(unread_ms, 6.4)  # the last 64 tokens
        n_drafted = length.choose(1, 15, 4, Making(read_ms / 1e3, step_ms / 1e3))
        making_ms = read_ms + n_drafted * step_ms if n_drafted else 0.0
        unread_ms = 0.0 if n_drafted else unread_ms + 0.1
        n_right = next((n for n in range(n_drafted) if random.random() > chance), n_drafted)
        pass_ms = TIMES[next(rows for rows in TIMES if rows > n_drafted)]
        if n_drafted:
            length.note(1, n_drafted, n_right, 4, pass_ms / 1e3, making_ms / 1e3)
        else:
            length.times.note(1, pass_ms / 1e3)
            length.spend(pass_ms / 1e3)
            length.forget_a_little()
        made += 1 + n_right
        took += pass_ms + making_ms
    return took / (made * TIMES[1])


H200 = {1: 3.86, 2: 4.6, 4: 6.0, 8: 8.5, 16: 8.2}
"""Milliseconds of a pass of the 11B there, once warm. Of a 1B a token takes 1.4, and 64 at once little more."""
STEP_MS, ROW_MS, ONCE_MS = 1.39, 0.038, 60.0
"""The last: beyond that, the first time that about so many tokens are read."""


class Passes:
    """Passes of the 11B there. ggml makes a CUDA graph of a size that comes twice in a row, and drops it with another.

    With `graphs=False` as they are on a device that knows no such thing.
    """

    def __init__(self, *, graphs: bool = True) -> None:
        self._graphs = graphs
        self._seen: Counter[int] = Counter()
        self._before = self._in_a_row = 0

    def seconds(self, n_tokens: int) -> float:
        size = next((rows for rows in H200 if rows >= n_tokens), 0)  # 0: a prompt
        self._in_a_row = self._in_a_row + 1 if size == self._before else 1
        self._before = size
        self._seen[size] += 1
        once, again = {1: 2.0, 2: 8.0}.get(self._seen[size], 0.0), {1: 1.5, 2: 4.0}.get(self._in_a_row, 0.0)
        return (H200.get(size, 20.0) + self._graphs * max(once, again)) / 1e3


class SimulatedGpu:
    """A clock, and a small model on it that says what an answer's next token is, as often as asked for."""

    n_ctx, n_batch, n_vocab, n_gpu_layers = 4096, 512, 1000, 17

    def __init__(self, prompt: Sequence[int], chance: float, n_tokens: int) -> None:
        self.now_s = 0.0
        self._met: set[int] = set()
        random = np.random.default_rng(1)
        self._known = [*prompt, *random.integers(0, 900, n_tokens).tolist()]
        self._right = random.random(len(self._known)) < chance
        self.answer = self._known[len(prompt) :]

    def clock(self) -> float:
        return self.now_s

    def forget_from(self, position: int) -> bool:  # noqa: ARG002
        return True

    def decode(self, tokens: Sequence[int], position: int, **_: Any) -> np.ndarray:
        size = len(tokens).bit_length()
        self.now_s += (STEP_MS + (len(tokens) - 1) * ROW_MS + ONCE_MS * (size not in self._met)) / 1e3
        self._met.add(size)
        logits = np.zeros((1, self.n_vocab), dtype=np.float32)
        at = self.start + position + len(tokens)
        if at < len(self._known):
            logits[0, self._known[at] if self._right[at] else 999] = 20.0
        return logits

    start = 0  # of what the draft model's KV cache holds


def simulated(
    monkeypatch: pytest.MonkeyPatch, chance: float, n_answers: int, n_tokens: int = 120, *, graphs: bool = True
) -> list[float]:
    """How many times as fast each answer is, behind prompts of 200 tokens that the draft model has not read."""
    prompt = list(range(200))
    gpu, passes, plain = SimulatedGpu(prompt, chance, n_tokens), Passes(graphs=graphs), Passes(graphs=graphs)
    monkeypatch.setattr("desktop_vlm.runtime.draft_model.perf_counter", gpu.clock)
    times = pass_times(on_gpu=True)
    draft: Any = DraftModel(gpu, times, gpu.n_vocab, 0.1)  # type: ignore[arg-type]
    length, found = Nothing(times=times), []
    for _ in range(n_answers):
        drafts = Drafts(Lookup(), length, draft)
        draft._held.clear()
        draft.begin(prompt)
        prompt_s = passes.seconds(200)
        length.note_prefill(200, prompt_s)
        draft.pass_by(prompt_s)
        plain.seconds(200)
        began_s, made = gpu.now_s, 1
        drafts.add(gpu.answer[:1])
        while made < n_tokens:
            ahead, agreed = drafts.draft(1, min(15, n_tokens - made - 1))
            gpu.start = draft._start
            rest = gpu.answer[made:]
            n_right = next((n for n, token in enumerate(ahead) if token != rest[n]), len(ahead))
            pass_s = passes.seconds(1 + len(ahead))
            gpu.now_s += pass_s
            drafts.note(1, len(ahead), n_right, agreed, pass_s)
            drafts.add(rest[: n_right + 1])
            made += n_right + 1
        alone_s = sum(plain.seconds(1) for _ in range(n_tokens - 1))
        found.append(alone_s / (gpu.now_s - began_s))
    return found


@pytest.mark.parametrize("graphs", [True, False])
@pytest.mark.parametrize(("chance", "least"), [(1.0, 1.9), (0.9, 1.1), (0.75, 1.07), (0.5, 0.97), (0.0, 0.97)])
def test_as_fast_as_an_h200_lets_it_be(
    chance: float, least: float, graphs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN what was measured there THEN drafts that are right make answers quicker, and wrong ones cost little."""
    found = simulated(monkeypatch, chance, 10, graphs=graphs)
    assert found[0] >= 0.97
    assert harmonic_mean(found) >= 0.97
    assert harmonic_mean(found[5:]) >= least


def test_a_long_answer_whose_drafts_are_wrong_takes_little_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    for chance in (0.0, 0.5):
        assert simulated(monkeypatch, chance, 1, 2000)[0] >= 0.97


def test_a_bad_time_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a draft model that was slow for a while WHEN nothing is drafted THEN it is soon taken to be as ever."""
    gpu = SimulatedGpu([], 1.0, 1)
    monkeypatch.setattr("desktop_vlm.runtime.draft_model.perf_counter", gpu.clock)
    draft: Any = DraftModel(gpu, pass_times(on_gpu=True), gpu.n_vocab, 0.1)  # type: ignore[arg-type]
    assert (draft._step_s, draft._read_s()) == pytest.approx((STEP_MS / 1e3, ROW_MS / 1e3))
    draft._step_s, draft._row_s = 20 * STEP_MS / 1e3, 20 * ROW_MS / 1e3
    for _ in range(2000):
        draft.pass_by(H200[1] / 1e3)
    assert (draft._step_s, draft._read_s()) == pytest.approx((STEP_MS / 1e3, ROW_MS / 1e3), rel=0.5)


@pytest.mark.parametrize("prompt_ms", [0.0, 10.0, 500.0])
@pytest.mark.parametrize("n_tokens", [10, 100, 1500])
def test_where_nothing_is_right_it_costs_less_than_three_percent(prompt_ms: float, n_tokens: int) -> None:
    assert relative_time(0.0, prompt_ms=prompt_ms, n_tokens=n_tokens) <= 1.03


def test_where_much_is_right_answers_are_quicker() -> None:
    assert relative_time(0.9, prompt_ms=10.0) < 0.75
    assert relative_time(0.75) < 0.9
    assert relative_time(0.9, step_ms=5.0) <= 1.03  # as slow as the large one


def test_the_model_and_its_options_stay_as_they_were(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    ref = ModelRef(files.text, files.mmproj)
    assert ref.files == (files.text, files.mmproj)
    assert replace(ref, draft=files.text).files == (files.text, files.mmproj, files.text)
