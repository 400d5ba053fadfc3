"""The model as a whole against transformers 4.54.1 with Meta's row mask."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.answer import Chunk
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.backend import Model
from desktop_vlm.convert import ModelFiles, convert
from desktop_vlm.runtime import chat_format as chat_template
from tests.checkpoints import CHECKPOINTS, build, model_images
from tests.conftest import NAMES
from tests.goldens import PROMPTS, deviation, golden, golden_tokens, prompt

TOLERANCE = 1e-4
"""Of the logits' scale, at F32; a wrong GELU alone already shows at 1e-4 to 5e-4."""


def user(text: str, *images: Image.Image) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"type": "image", "image": image} for image in images]
    return {"role": "user", "content": [*parts, {"type": "text", "text": text}]}


def answer(model: Model, messages: Sequence[dict[str, Any]], **options: Any) -> tuple[str, Chunk]:
    chunks = list(model.chat(messages, **{"temperature": 0, "max_tokens": 8, **options}))
    return "".join(chunk.text for chunk in chunks), chunks[-1]


@pytest.mark.parametrize("which", PROMPTS)
@pytest.mark.parametrize("name", NAMES)
def test_logits_equal_the_reference(name: str, which: str, load_model: Callable[[str], Model]) -> None:
    ids, images, expected = prompt(name, which)
    assert deviation(load_model(name).logits(ids, images or None), expected) <= TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_decoding_one_by_one_equals_prefill(name: str, load_model: Callable[[str], Model]) -> None:
    model = load_model(name)
    for which in ("long", "two_turns", "two_together"):
        ids, images, expected = prompt(name, which)
        model.forget()
        rows = [model.next_logits(ids[:n], images[: ids[:n].count(model.n_vocab)]) for n in range(1, len(ids) + 1)]
        assert deviation(np.stack(rows), expected) <= TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_greedy_continuation_equals_the_reference(name: str, load_model: Callable[[str], Model]) -> None:
    model = load_model(name)
    ids, images, _ = prompt(name, "picture")
    expected = golden(name, "logits")
    for step, token in enumerate(expected["greedy.ids"].tolist()):
        logits = model.next_logits(ids, images)
        assert deviation(logits, expected["greedy.logits"][step]) <= TOLERANCE
        assert int(logits.argmax()) == token
        ids.append(token)


@pytest.mark.parametrize("name", NAMES)
def test_small_batches_equal_large_ones(name: str, model_files: Callable[..., ModelFiles]) -> None:
    files = model_files(name)
    with backend.load(files.text, files.mmproj, n_ctx=256, n_batch=3, n_threads=2) as model:
        for which in ("two_turns", "two_together"):
            ids, images, expected = prompt(name, which)
            assert deviation(model.logits(ids, images), expected) <= TOLERANCE


def test_a_reused_prefix_gives_the_logits_of_a_fresh_run(load_model: Callable[[str], Model]) -> None:
    model = load_model("beta")
    images = model_images(CHECKPOINTS["beta"])
    first, second = images["wide"].image(), images["large"].image()
    image = model.n_vocab
    model.next_logits([5, 6, image, 7, 8, 9], first)
    for ids, shown in (
        ([5, 6, image, 7, 8, 9, 10, 11], [first]),  # the same and more
        ([5, 6, image, 7, 12], [first]),  # another ending
        ([5, 6, image, 7, 12], [second]),  # another image in its place
        ([5, 6, image, 7, 12, image, 3], [second, first]),  # one more image
        ([5, 6], []),  # shorter, without an image
        ([5, 6, 13, 14], []),  # text after an image was there
        ([5, 6, image, 7], [first]),  # and the image again
    ):
        reused = model.next_logits(ids, shown)
        fresh = model.logits(ids, shown or None)[-1]
        assert deviation(reused, fresh) <= 1e-5
        model.next_logits(ids, shown)


def test_text_before_an_image_equals_text_alone(load_model: Callable[[str], Model]) -> None:
    model = load_model("gamma")
    ids, images, _ = prompt("gamma", "picture")
    at = ids.index(model.n_vocab)
    assert at > 1
    with_image = model.logits(ids, images)[:at]
    assert np.array_equal(with_image, model.logits(ids[:at]))


def test_text_without_an_image_equals_a_text_only_load(
    model_files: Callable[..., ModelFiles], load_model: Callable[[str], Model]
) -> None:
    ids, _, _ = prompt("alpha", "long")
    with backend.load(model_files("alpha").text, n_ctx=512, n_threads=2) as text_only:
        assert text_only.capabilities.max_images == 0
        assert np.array_equal(text_only.logits(ids), load_model("alpha").logits(ids))


@pytest.mark.parametrize("name", NAMES)
def test_tokens_equal_the_tokenizers(name: str, load_model: Callable[[str], Model]) -> None:
    model = load_model(name)
    for case in golden_tokens(name)["strings"]:
        special = "<|" in case["text"]
        ids = model.tokenize(case["text"].replace("<|image|>", ""), special=special)
        if "<|image|>" not in case["text"]:
            assert ids == case["ids"], case["text"]


def test_special_tokens_in_a_message_stay_text(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    ids = model.tokenize("<|eot_id|>")
    assert len(ids) > 1
    assert model.detokenize(ids) == "<|eot_id|>"


def test_chat_prompt_equals_the_checkpoints_template(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    case = golden_tokens("alpha")["chat"]
    image = model_images(CHECKPOINTS["alpha"])["wide"].image()
    logits = model.next_logits(case["ids"], image)
    _, last = answer(model, [user("What is this?", image)], max_tokens=1)
    assert last.usage is not None
    # Every token but the last, which is computed for its logits, was found in the cache.
    assert last.usage.prompt_tokens == len(case["ids"]) == last.usage.cached_tokens + 1
    assert np.isfinite(logits).all()


def test_a_second_question_about_an_image_costs_no_encoding(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    image = model_images(CHECKPOINTS["alpha"])["large"].image()
    text, first = answer(model, [user("What is this?", image)])
    messages = [user("What is this?", image), {"role": "assistant", "content": text}, user("And now?")]
    _, second = answer(model, messages)
    assert first.usage is not None
    assert second.usage is not None
    assert first.usage.encode_s > 0
    assert second.usage.encode_s == 0
    assert second.usage.cached_tokens >= first.usage.prompt_tokens


def test_the_same_pixels_from_elsewhere_are_the_same_image(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    image = model_images(CHECKPOINTS["alpha"])["tall"].image()
    answer(model, [user("One", image)])
    _, last = answer(model, [user("Two", image.copy())])
    assert last.usage is not None
    assert last.usage.encode_s == 0


def test_system_text_is_folded_into_the_first_question_with_an_image(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    image = model_images(CHECKPOINTS["alpha"])["small"].image()
    with_system = answer(model, [{"role": "system", "content": "Be brief."}, user("Why?", image)])
    folded = answer(model, [user("Be brief.\n\nWhy?", image)])
    assert with_system[0] == folded[0]
    assert with_system[1].usage is not None
    assert folded[1].usage is not None
    assert folded[1].usage.cached_tokens == with_system[1].usage.prompt_tokens - 1


def test_several_images_of_a_message_become_one(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    cases = model_images(CHECKPOINTS["alpha"])
    one = answer(model, [user("Which?", cases["wide"].image())], temperature=0)
    two = answer(model, [user("Which?", cases["wide"].image(), cases["tall"].image())])
    assert one[1].usage is not None
    assert two[1].usage is not None
    assert one[1].usage.prompt_tokens == two[1].usage.prompt_tokens


def test_sampling_is_repeatable_with_a_seed(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    draws = [answer(model, [user("Hello")], temperature=1.5, seed=seed, max_tokens=16)[0] for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_a_schema_is_followed(load_model: Callable[[str], Model]) -> None:
    schema = {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}, "kind": {"enum": ["a", "b"]}},
        "required": ["ok", "kind"],
        "additionalProperties": False,
    }
    for seed in range(5):
        text, last = answer(
            load_model("beta"), [user("Go")], json_schema=json.dumps(schema), temperature=2, seed=seed, max_tokens=200
        )
        assert last.finish_reason == "stop"
        value = json.loads(text)
        assert isinstance(value["ok"], bool)
        assert value["kind"] in ("a", "b")


def test_stopping_from_another_thread(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    chunks = model.chat([user("Go on")], max_tokens=400, temperature=2, seed=1)
    next(chunks)
    stopper = threading.Thread(target=model.stop)
    stopper.start()
    stopper.join()  # the answer could end before a stop that comes late
    started = time.monotonic()
    last = list(chunks)[-1]
    assert last.finish_reason == "cancelled"
    assert time.monotonic() - started < 2
    ids, images, expected = prompt("alpha", "picture")
    assert deviation(model.next_logits(ids, images), expected[-1]) <= TOLERANCE


def test_stopping_while_encoding(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    image = Image.effect_noise((300, 100), 80).convert("RGB")

    def stop_at_once(stage: str, _fraction: float) -> None:
        if stage == "encode":
            raise Cancelled("stopped")

    _, last = answer(model, [user("What?", image)], progress=stop_at_once)
    assert last.finish_reason == "cancelled"
    assert last.usage is not None
    assert last.usage.generated_tokens == 0
    _, last = answer(model, [user("What?", image)])
    assert last.finish_reason in ("length", "stop")


def test_abandoning_an_answer_frees_the_model(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    chunks = model.chat([user("Go on")], max_tokens=50)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert answer(model, [user("Go on")])[1].finish_reason in ("length", "stop")


def test_a_full_context_is_said_before_anything_runs(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    with pytest.raises(UserError, match=r"needs 5,.* tokens but the context holds 512"):
        model.chat([user("word " * 2500)])


def test_the_oldest_turns_can_be_dropped(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    turns: list[dict[str, Any]] = [{"role": "system", "content": "Short."}]
    for number in range(8):
        turns += [user(f"Question {number} " * 8), {"role": "assistant", "content": "An answer " * 6}]
    messages = [*turns, user("The last?")]
    with pytest.raises(UserError, match="context holds 512"):
        model.chat(messages)
    _, last = answer(model, messages, drop_oldest=True)
    assert last.usage is not None
    assert last.usage.dropped_messages > 0
    assert last.usage.dropped_messages % 2 == 0
    assert last.usage.prompt_tokens <= 512
    dropped = last.usage.dropped_messages
    _, fewer = answer(model, [messages[0], *messages[1 + dropped :]])
    assert fewer.usage is not None
    assert fewer.usage.prompt_tokens == last.usage.prompt_tokens
    with pytest.raises(UserError, match="context holds 512"):  # no more than had to be
        model.chat([messages[0], *messages[1 + dropped - 2 :]], max_tokens=8)


def test_turns_of_a_long_history_are_dropped_by_halves(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = [{"role": role, "content": "some words"} for _ in range(1000) for role in ("user", "assistant")]
    renderings = []

    def counted(*arguments: Any, **options: Any) -> Any:
        renderings.append(1)
        return chat_template.render(*arguments, **options)

    monkeypatch.setattr(backend, "render", counted)
    _, last = answer(load_model("alpha"), [*turns, user("The last?")], drop_oldest=True)
    assert len(renderings) < 20
    assert last.usage is not None
    assert 1900 < last.usage.dropped_messages < 2000
    with pytest.raises(UserError, match="context holds 512"):
        load_model("alpha").chat([*turns, user("too long " * 500)], drop_oldest=True)


def test_loading_tells_of_both_files_and_can_be_stopped_in_each(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    seen: list[float] = []
    with backend.load(files.text, files.mmproj, n_ctx=256, progress=lambda _, fraction: seen.append(fraction)) as model:
        assert (model.quantization, model.n_gpu_layers <= model.n_layers) == ("F32", True)
        assert model.name
    share_of_text = files.text.stat().st_size / (files.text.stat().st_size + files.mmproj.stat().st_size)
    assert seen == sorted(seen)
    assert seen[0] < share_of_text < seen[-2]
    assert seen[-1] == 1.0

    def stop_at(target: float) -> Callable[[str, float], None]:
        def stop(_stage: str, fraction: float) -> None:
            if fraction >= target:
                raise Cancelled("stopped")

        return stop

    for target in (0.0, share_of_text + 0.01, 1.0):
        with pytest.raises(Cancelled):
            backend.load(files.text, files.mmproj, n_ctx=256, progress=stop_at(target))


def test_an_answer_ends_where_the_context_ends(load_model: Callable[[str], Model]) -> None:
    model = load_model("beta")
    used = len(model.tokenize("x " * 230))
    _, last = answer(model, [user("x " * 230)], max_tokens=1000, temperature=2, seed=3)
    assert last.usage is not None
    assert used < last.usage.prompt_tokens < 512
    assert last.finish_reason == "stop" or last.usage.prompt_tokens + last.usage.generated_tokens == 513


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: m.chat([]), "must end with a message of the user"),
        (lambda m: m.chat([{"role": "robot", "content": "x"}, user("y")]), "the role robot"),
        (lambda m: m.chat([user("x"), {"role": "system", "content": "y"}, user("z")]), "only be the first"),
        (lambda m: m.chat([user("x")], temperature=-1), "temperature is -1"),
        (lambda m: m.chat([user("x")], tempratur=1), "no sampling setting tempratur"),
        (lambda m: m.chat([user("x")], max_tokens=0), "max_tokens is 0"),
        (lambda m: m.logits([m.n_vocab]), "1 image tokens but 0 images"),
        (lambda m: m.logits([-1]), "Token ids must lie between"),
        (lambda m: m.logits([]), "prompt is empty"),
    ],
)
def test_wrong_calls_get_a_sentence(
    call: Callable[[Model], Any], sentence: str, load_model: Callable[[str], Model]
) -> None:
    with pytest.raises(UserError, match=sentence):
        call(load_model("alpha"))


def test_a_bad_schema_or_grammar_gets_a_sentence(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"json_schema": "{"}, "not valid JSON: line 1, column 2"),
        ({"json_schema": "[]"}, "must be a JSON object, such as"),
        ({"grammar": "nonsense ::="}, "not valid GBNF"),
        ({"grammar": "x", "json_schema": "{}"}, "not both"),
    )
    for options, sentence in cases:
        with pytest.raises(UserError, match=sentence):
            list(model.chat([user("x")], **options))


def test_an_image_for_a_text_only_model_gets_a_sentence(model_files: Callable[..., ModelFiles]) -> None:
    with backend.load(model_files("beta").text, n_ctx=64, n_threads=1) as model:
        with pytest.raises(UserError, match="without a vision projector"):
            model.chat([user("What?", Image.new("RGB", (8, 8)))])
        with pytest.raises(UserError, match="without a vision projector"):
            model.logits([1, model.n_vocab], Image.new("RGB", (8, 8)))


def test_files_of_two_models_are_refused(model_files: Callable[..., ModelFiles]) -> None:
    with pytest.raises(UserError, match="do not belong together: the hidden width is 256 in the first and 96"):
        backend.load(model_files("alpha").text, model_files("beta").mmproj, n_ctx=64)


def test_files_with_other_layer_counts_are_refused(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    alpha = CHECKPOINTS["alpha"]
    text_config = {**alpha.config["text_config"], "num_hidden_layers": 6, "cross_attention_layers": [2, 4]}
    shorter = replace(alpha, name="shorter", config={**alpha.config, "text_config": text_config})
    files = convert(build(shorter, tmp_path / "checkpoint"), tmp_path, text_type="F32", vision_type="F32")
    with pytest.raises(UserError, match="number of self-attention layers is 5 in the first and 4 in the second"):
        backend.load(model_files("alpha").text, files.mmproj, n_ctx=64)
