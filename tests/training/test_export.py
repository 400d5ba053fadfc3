"""An adapter's way from PyTorch through our converter into the engine, and what surrounds it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.convert import convert_vision
from tests.checkpoints import make_image
from tests.goldens import deviation

torch = pytest.importorskip("torch")

from training.data import DataConfig, Generator  # noqa: E402
from training.export import Run, export, from_checkpoint, load_run, read_checkpoint, save_run  # noqa: E402
from training.language_model import GgufFile, Tokenizer, find_gguf, open_gguf, read_shape  # noqa: E402
from training.letters import UNKNOWN, Tiled, letter_targets, make_tiles  # noqa: E402
from training.model import Adapter, VisionTextModel  # noqa: E402
from training.text_model import TextModel  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402

N_LAYERS = 4
CONFIG = ModelConfig(
    width=64, n_heads=2, ffn_width=96, n_layers=3, n_global_layers=2, tile_px=56, taps=(0, 2), cross_after=(0, 2)
)


def write_f32(source: GgufFile, path: Path, n_layers: int) -> Path:
    """SmolLM2 cut off after `n_layers` layers, in F32: small, and without the engine's rounding of activations."""
    writer = GGUFWriter(path, "llama")
    for key, field in GGUFReader(find_gguf()).fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        changed: dict[str, Any] = {"llama.block_count": n_layers, "general.file_type": 0}
        is_array = field.types[0] == GGUFValueType.ARRAY
        value = changed.get(key, field.contents())
        writer.add_key_value(key, value, field.types[0], field.types[-1] if is_array else None)
    for name in source.tensors:
        if not name.startswith("blk.") or int(name.split(".")[1]) < n_layers:
            writer.add_tensor(name, source.read(name), raw_dtype=GGMLQuantizationType.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def text_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_f32(open_gguf(find_gguf()), tmp_path_factory.mktemp("text") / "text.gguf", N_LAYERS)


@pytest.fixture(scope="module")
def text_file(text_path: Path) -> GgufFile:
    return open_gguf(text_path)


def random_adapter(text_file: GgufFile, config: ModelConfig = CONFIG) -> Adapter:
    torch.manual_seed(7)
    adapter = Adapter(config, read_shape(text_file))
    for value in adapter.parameters():
        torch.nn.init.normal_(value, mean=float(value.detach().mean()), std=0.2 if value.ndim < 2 else 0.05)
    return adapter


def test_engine_computes_the_same_logits(text_path: Path, text_file: GgufFile, tmp_path: Path) -> None:
    adapter, tokenizer = random_adapter(text_file), Tokenizer(text_file.settings)
    model = VisionTextModel(adapter, TextModel(text_file))
    export(adapter.state_dict(), CONFIG, text_file, tmp_path / "hf", "f32")
    mmproj = convert_vision(tmp_path / "hf", tmp_path, vision_type="F32")
    ids, _ = tokenizer.exchange("What does the title say?", "Save changes")
    with backend.load(text_path, mmproj, n_ctx=256, n_threads=1) as engine:
        for name, size in (("one", (40, 50)), ("wide", (110, 50)), ("square", (150, 140))):
            shown = make_image(name, size)
            tiled = make_tiles(shown, CONFIG.tile_px, CONFIG.max_tiles)
            with torch.no_grad():
                features = model.encode(torch.from_numpy(tiled.tiles)[None], torch.tensor([tiled.ratio_id]))
                logits = model.text.logits(model.hidden(features, torch.tensor([[ids]])))
                blind = model.text.logits(model.hidden(None, torch.tensor([[ids]])))
            assert deviation(engine.logits(ids, shown), logits.numpy()) <= 1e-3
            assert deviation(blind.numpy(), logits.numpy()) >= 0.05


def test_a_checkpoint_comes_back_as_it_went(text_file: GgufFile, tmp_path: Path) -> None:
    adapter = random_adapter(text_file)
    tensors = read_checkpoint(export(adapter.state_dict(), CONFIG, text_file, tmp_path, "f32"))
    again = from_checkpoint(tensors, CONFIG, read_shape(text_file))
    tiles = torch.randint(0, 256, (1, 2, 3, 56, 56), dtype=torch.uint8)
    with torch.no_grad():
        expected = adapter.vision_model(tiles, torch.tensor([2]))
        assert torch.equal(again.vision_model(tiles, torch.tensor([2])), expected)
    assert torch.equal(tensors["language_model.model.embed_tokens.weight"][49152], adapter.image_embedding)


def test_a_run_is_stored_in_small_pieces(text_file: GgufFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.export._PIECE_BYTES", 1_000_000)
    weights = {name: value.half().float() for name, value in random_adapter(text_file).state_dict().items()}
    n_bytes = save_run(Run(weights, CONFIG, {"step": 3}), tmp_path)
    pieces = sorted(tmp_path.glob("adapter-*.bin"))
    assert len(pieces) == -(-n_bytes // 1_000_000)
    assert max(piece.stat().st_size for piece in pieces) == 1_000_000
    found = load_run(tmp_path)
    assert (found.model, found.progress) == (CONFIG, {"step": 3})
    assert found.weights.keys() == weights.keys()
    assert all(torch.equal(found.weights[name], value) for name, value in weights.items())


def test_the_demos_adapter_is_small_enough() -> None:
    shape = read_shape(open_gguf(find_gguf()))
    n_parameters = sum(value.numel() for value in Adapter(ModelConfig(), shape).parameters())
    assert 29e6 <= n_parameters <= 30e6
    assert ModelConfig().cross_layers == (3, 11, 19, 27)


# Letters and batches


def glyph(char: str, *box: float) -> Any:
    return SimpleNamespace(char=char, box=box)


def canvas(high: int, wide: int, scale: tuple[float, float] = (1.0, 1.0)) -> Tiled:
    return Tiled(np.zeros((high * wide, 3, 56, 56), dtype=np.uint8), (high, wide), 1, scale)


def test_a_letter_lies_in_the_slot_of_its_centre() -> None:
    glyphs = [glyph("A", 14, 15, 22, 25), glyph("z", 57, 30, 63, 40), glyph(" ", 0, 0, 5, 5), glyph("é", 0, 0, 5, 5)]
    targets = letter_targets(glyphs, canvas(1, 2), 14)
    assert targets.shape == (2, 16, 2 * 4)
    assert targets[0, 4 + 1, 1] == ord("A") - 32  # centre (18, 20): second row, second patch, above, second of four
    assert targets[1, 2 * 4, 4 + 1] == ord("z") - 32  # centre (60, 35): the second tile's third row, below
    assert np.count_nonzero(targets) == 2


def test_marks_follow_the_letters() -> None:
    targets = letter_targets([glyph("red circle", 3, 3, 3, 3), glyph("grey cross", 24, 3, 24, 3)], canvas(1, 1), 14)
    assert (targets[0, 0, 0], targets[0, 1, 2]) == (95, 171)
    assert np.count_nonzero(targets) == 2


def test_letters_follow_the_image_onto_its_canvas() -> None:
    targets = letter_targets([glyph("A", 28, 30, 44, 50)], canvas(1, 1, (0.5, 0.5)), 14)
    assert targets[0, 4 + 1, 1] == ord("A") - 32


def test_of_two_letters_the_one_nearer_to_the_middle_stays() -> None:
    near, far = glyph("n", 1, 2, 3, 8), glyph("f", 0, 2, 1, 8)
    for glyphs in ([near, far], [far, near]):
        assert letter_targets(glyphs, canvas(1, 1), 14)[0, 0, 0] == ord("n") - 32


def screen(module_rng: Any, *, split: str, tile_px: int = 0) -> Any:  # noqa: ARG001 - as generators have it
    """A fake generator: the image's size and first answer follow from one number."""
    number = module_rng.randrange(4)
    image = Image.new("RGB", [(50, 50), (100, 50), (50, 100), (100, 100)][number], (number * 10, 20, 30))
    questions = [SimpleNamespace(kind="number", text="Which?", answer=f"{split} {number}")]
    questions += [SimpleNamespace(kind="long", text="Say it all.", answer="word " * 60)] * (number == 3)
    glyphs = [glyph(chr(65 + number), 1, 1, 6, 9)]
    return SimpleNamespace(image=image, glyphs=glyphs, questions=questions, located=number != 2, unlocated=())


@pytest.fixture
def generator(text_file: GgufFile, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Generator]:
    fake = SimpleNamespace(draw_screen=screen, draw_composite=screen)
    monkeypatch.setitem(sys.modules, "fake_screens", fake)
    config = DataConfig(generator="fake_screens", images=4, lengths=(64, 128), questions=(2, 1), replay_pool=4)

    def make(split: str = "train") -> Generator:
        return Generator(
            config, Tokenizer(text_file.settings), tile_px=56, patch_px=14, max_tiles=4, seed="1", split=split
        )

    return make


def test_batches_are_uniform_and_their_answers_are_right(generator: Callable[..., Generator]) -> None:
    tokenizer = generator()._tokenizer
    for _, batch in zip(range(12), generator().batches(), strict=False):
        arrays = batch.arrays
        n_tiles = arrays["tiles"].shape[1]
        numbers = {1: {0}, 2: {1, 2}, 4: {3}}[n_tiles]
        flat = arrays["tokens"].reshape(-1)
        assert np.array_equal(flat[arrays["answer_rows"] + 1], arrays["answer_targets"])
        for image_number in range(4):
            number = int(arrays["tiles"][image_number, 0, 0, 0, 0]) // 10
            assert number in numbers
            letters = arrays["letters"][image_number]
            assert letters[0, 0, 1] == (33 + number if number != 2 else UNKNOWN)
            assert (letters == UNKNOWN).all() == (number == 2)  # whose characters' places are not known
            sequence = image_number * arrays["tokens"].shape[1]
            answer = arrays["answer_targets"][arrays["answer_exchanges"] == sequence].tolist()
            expected = {"number": f"train {number}", "long": "word " * 60}[batch.kinds[sequence]]
            assert tokenizer.decode(answer) == f"{expected}<|im_end|>"


def test_an_image_that_cannot_be_drawn_is_left_out(
    generator: Callable[..., Generator], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    calls: list[None] = []

    def at_times(rng: Any, **more: Any) -> Any:
        calls.append(None)
        if len(calls) % 5 == 2:
            raise ValueError("no room for a photo")
        return screen(rng, **more)

    monkeypatch.setattr(sys.modules["fake_screens"], "draw_screen", at_times)
    monkeypatch.setattr(sys.modules["fake_screens"], "draw_composite", at_times)
    assert len(next(generator().batches()).arrays["tiles"]) == 4
    assert "ValueError: no room for a photo" in capfd.readouterr().err

    for name in ("draw_screen", "draw_composite"):
        monkeypatch.setattr(sys.modules["fake_screens"], name, lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(generator().batches())


def test_held_out_batches_are_filled_up_without_questions(generator: Callable[..., Generator]) -> None:
    batches = generator("held_out").fixed_batches(9)
    assert all(len(batch.arrays["tiles"]) == 4 for batch in batches)
    with_question = sum(len({s // b.arrays["tokens"].shape[1] for s in b.arrays["answer_exchanges"]}) for b in batches)
    assert with_question == 9


def test_shorter_questions_fill_up_a_batch_that_waits(
    generator: Callable[..., Generator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.data._PATIENCE", 0)
    kinds = [batch.kinds for _, batch in zip(range(60), generator().batches(), strict=False)]
    longer = [set(names) for names in kinds if len(names) == 4]  # one question for each image
    assert {"long", "number"} in longer
    assert all("long" in names for names in longer)
