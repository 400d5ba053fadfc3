"""The trained model's arithmetic, against the golden reference that the engine is checked with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.image_processor import ImageProcessorConfig, process_image
from tests.checkpoints import CHECKPOINTS, NEW_PREFIXES, model_images
from tests.conftest import NAMES
from tests.goldens import deviation, golden, prompt

torch = pytest.importorskip("torch")

from training.export import from_checkpoint, read_checkpoint  # noqa: E402
from training.language_model import open_gguf  # noqa: E402
from training.letters import make_tiles  # noqa: E402
from training.model import VisionTextModel  # noqa: E402
from training.sequences import Exchange, write  # noqa: E402
from training.text_model import TextModel  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402

_ONE_IMAGE = ("picture", "picture_first", "chat")


def sizes(name: str) -> ModelConfig:
    vision, text = (CHECKPOINTS[name].config[half] for half in ("vision_config", "text_config"))
    preprocessor = CHECKPOINTS[name].preprocessor
    return ModelConfig(
        width=vision["hidden_size"],
        n_heads=vision["attention_heads"],
        ffn_width=vision["intermediate_size"],
        n_layers=vision["num_hidden_layers"],
        n_global_layers=vision["num_global_layers"],
        tile_px=vision["image_size"],
        patch_px=vision["patch_size"],
        max_tiles=vision["max_num_tiles"],
        taps=tuple(vision["intermediate_layers_indices"]),
        cross_after=tuple(layer - 1 - k for k, layer in enumerate(text["cross_attention_layers"])),
        mean=tuple(preprocessor["image_mean"]),
        std=tuple(preprocessor["image_std"]),
    )


def old_name(key: str) -> str:
    return next(old + key.removeprefix(new) for old, new in NEW_PREFIXES.items() if key.startswith(new))


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def model(
    name: str, checkpoint_folder: Callable[[str], Path], model_files: Callable[..., ModelFiles]
) -> VisionTextModel:
    text = TextModel(open_gguf(model_files(name).text))
    tensors = read_checkpoint(checkpoint_folder(name))
    if CHECKPOINTS[name].naming == "new":
        tensors = {old_name(key): value for key, value in tensors.items()}
    adapter = from_checkpoint(tensors, sizes(name), text.shape)
    return VisionTextModel(adapter, text)


def encode(model: VisionTextModel, image: Any) -> Any:
    config = model.adapter.config
    tiled = make_tiles(image, config.tile_px, config.max_tiles)
    return model.encode(torch.from_numpy(tiled.tiles)[None], torch.tensor([tiled.ratio_id]))


def test_states_equal_the_reference(name: str, model: VisionTextModel) -> None:
    expected = golden(name, "vision")
    for image, case in model_images(CHECKPOINTS[name]).items():
        with torch.no_grad():
            states = model.adapter.multi_modal_projector(encode(model, case.image()))[0]
        visible = expected[f"{image}.projected"][: expected[f"{image}.num_tiles"]]
        assert deviation(states.numpy(), visible.reshape(states.shape)) <= 1e-4


@pytest.mark.parametrize("which", ["text", "long", *_ONE_IMAGE])
def test_logits_equal_the_reference(name: str, model: VisionTextModel, which: str) -> None:
    ids, images, expected = prompt(name, which)
    assert len(images) == (which in _ONE_IMAGE)
    with torch.no_grad():
        features = encode(model, images[0]) if images else None
        logits = model.text.logits(model.hidden(features, torch.tensor([[ids]])))
    assert deviation(logits.numpy(), expected) <= 1e-4


def test_questions_about_one_image_do_not_touch_each_other(name: str, model: VisionTextModel) -> None:
    """Two padded sequences about each of two images give what each gives alone."""
    ids, images, expected = prompt(name, "picture")
    other = prompt(name, "picture_first")[0][: len(ids)]
    padded = [[*ids, 0, 0], [*other, *[0] * (len(ids) + 2 - len(other))]]
    with torch.no_grad():
        features = encode(model, images[0])
        twice = torch.cat([features, features])
        hidden = model.hidden(twice, torch.tensor([padded, padded[::-1]]))
        logits = model.text.logits(hidden).view(2, 2, len(ids) + 2, -1).numpy()
    assert deviation(logits[0, 0, : len(ids)], expected) <= 1e-4
    assert deviation(logits[1, 1, : len(ids)], expected) <= 1e-4
    assert deviation(logits[1, 0], logits[0, 1]) <= 1e-6


def test_tiles_equal_the_image_processors(name: str, model: VisionTextModel) -> None:
    config = model.adapter.config
    processor = ImageProcessorConfig(config.tile_px, config.max_tiles, config.mean, config.std)
    for case in model_images(CHECKPOINTS[name]).values():
        expected = process_image(case.image(), processor)
        tiled = make_tiles(case.image(), config.tile_px, config.max_tiles)
        assert (tiled.ratio_id, len(tiled.tiles)) == (expected.aspect_ratio_id, expected.num_tiles)
        encoder = model.adapter.vision_model
        pixels = (torch.from_numpy(tiled.tiles).float() / 255 - encoder.mean) / encoder.std
        assert np.allclose(pixels.numpy(), expected.pixels[: expected.num_tiles], atol=1e-6)


def test_gradients_reach_everything_that_is_trained(name: str, model: VisionTextModel) -> None:
    ids, images, _ = prompt(name, "picture")
    features = encode(model, images[0])
    loss = model.text.logits(model.hidden(features, torch.tensor([[ids]]))).square().mean()
    (loss + model.adapter.letters(features).square().mean()).backward()
    without = {key for key, value in model.adapter.named_parameters() if value.grad is None or not value.grad.any()}
    model.adapter.zero_grad()
    assert without == set()
    assert list(model.text.parameters()) == []


def answers(model: VisionTextModel, image: Any, sequences: list[list[Exchange]], n_tokens: int) -> tuple[Any, Any]:
    """Logits of the answers' rows, and the gradients of what is trained, with two images of the same sequences."""
    arrays, _ = write(sequences * 2, n_tokens)
    tokens, positions = (
        torch.from_numpy(arrays[name]).view(2, len(sequences), n_tokens) for name in ("tokens", "positions")
    )
    features = encode(model, image)
    packed = max(len(sequence) for sequence in sequences) > 1
    hidden = model.hidden(torch.cat([features, features * 0.5]), tokens, positions if packed else None)
    logits = model.text.logits(hidden[torch.from_numpy(arrays["answer_rows"])])
    torch.nn.functional.cross_entropy(logits, torch.from_numpy(arrays["answer_targets"])).backward()
    gradients = {key: value.grad.numpy() for key, value in model.adapter.named_parameters() if value.grad is not None}
    model.adapter.zero_grad()
    return logits.detach().numpy(), gradients


def test_exchanges_of_one_sequence_compute_what_each_does_alone(name: str, model: VisionTextModel) -> None:
    """One sequence is full, one has padding, one holds a single long exchange, and one nothing."""
    rng, image = np.random.default_rng(3), prompt(name, "picture")[1][0]
    vocab_size = model.text.shape.vocab_size

    def exchange(length: int, image_place: int) -> Exchange:
        ids = rng.integers(1, vocab_size, length).tolist()
        ids[image_place] = vocab_size
        return Exchange(tuple(ids), length // 2 + 1, "made")

    sequences = [[exchange(5, 2), exchange(8, 3), exchange(11, 1)], [exchange(9, 4), exchange(7, 0)], [exchange(24, 2)]]
    alone = [[one] for sequence in sequences for one in sequence]
    expected_logits, expected = answers(model, image, alone, 24)
    logits, gradients = answers(model, image, [*sequences, []], 24)
    assert deviation(logits, expected_logits) <= 1e-5
    assert gradients.keys() == expected.keys()
    for key, value in gradients.items():
        assert deviation(value, expected[key]) <= 1e-3, key
