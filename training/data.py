"""Batches of rendered screens for training: drawn, tiled and tokenised by worker processes, with NumPy alone.

Every batch has images of one number of tiles and sequences of one padded length, so the model has few shapes.
A worker keeps a pool of samples for each such kind and sends a batch when a pool is full:
kinds come in proportion to their frequency. Batches travel through shared memory that is mapped before the
workers start; no process but the trainer imports PyTorch.
"""

from __future__ import annotations

import importlib
import mmap
import multiprocessing
import random
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from queue import Empty
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.language_model import Tokenizer
from training.letters import SLOTS, UNKNOWN, Tiled, letter_targets, make_tiles
from training.sequences import Arrays, Exchange, Packed, first_fit, write

_FAULTS_IN_A_ROW = 10
"""After which drawing images is given up."""
_PATIENCE = 4
"""A pool of long texts waits for at most so many batches of its number of tiles, then shorter ones fill it up."""


class Question(Protocol):
    """A question about an image; `kind` names the task."""

    kind: str
    text: str
    answer: str


class Screen(Protocol):
    """A rendered image with what is known about it."""

    image: Image.Image
    glyphs: Sequence[Any]
    questions: Sequence[Any]
    located: bool
    unlocated: Sequence[Any]


@dataclass(frozen=True)
class DataConfig:
    """What batches hold.

    Attributes:
        generator: module with `draw_screen`, `draw_composite` and `draw_desktop`.
        composite_share: of images that are composites.
        desktop_share: of images that are full screens.
        images: in a batch.
        lengths: padded lengths of a sequence, ascending; longer exchanges are left out.
        questions: sequences per image at each of `lengths`; lengths times questions should be constant.
        pack: whether a sequence holds as many exchanges as fit, none of which sees another; else it holds one, and
            `questions` are just that.
        replay: how often each rendered image is shown, each time with other questions where it has more.
        replay_pool: rendered images that a worker keeps for that.
        kind_weights: how much more often than others a kind of question is chosen; about composites, too, where
            kinds begin with "picture:".
        workers: processes.
        slots: batches that wait in shared memory.
    """

    generator: str = "training.screens"
    composite_share: float = 0.15
    desktop_share: float = 0.0
    images: int = 64
    lengths: tuple[int, ...] = (48, 96, 288)
    questions: tuple[int, ...] = (6, 3, 1)
    pack: bool = False
    replay: float = 2.0
    replay_pool: int = 64
    kind_weights: Mapping[str, float] = field(default_factory=dict)
    workers: int = 16
    slots: int = 32


@dataclass(frozen=True)
class _Image:
    """A rendered image, ready to be shown again."""

    tiled: Tiled
    letters: NDArray[np.uint8]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class Batch:
    """A batch, all of one number of tiles and one padded length.

    Attributes:
        arrays: `tiles` uint8 [B, num_tiles, 3, tile, tile]; `ratio_ids` int64 [B]; `letters` uint8 [B, num_tiles,
            patches, SLOTS]; `tokens` int64 [B, Q, L]; for every token that an answer must get right,
            `answer_rows` int64 (the row among B * Q * L whose output predicts it), `answer_targets` int64 and
            `answer_exchanges` int64 (0 to E - 1); `answer_counts` int64 [E], the tokens of every answer. Where
            exchanges share sequences, also `positions` int64 [B, Q, L], the place of each token in its own
            exchange; padding counts on. Else there is an exchange for every sequence: E is B * Q.
        kinds: of every exchange; "" where there is none.
    """

    arrays: Arrays
    kinds: tuple[str, ...]


class Generator:
    """Draws images and collects them to batches; endless, and the same for the same seed."""

    def __init__(
        self,
        config: DataConfig,
        tokenizer: Tokenizer,
        *,
        tile_px: int,
        patch_px: int,
        max_tiles: int,
        seed: str,
        split: str = "train",
    ) -> None:
        self._config, self._tokenizer = config, tokenizer
        self._tile_px, self._patch_px, self._max_tiles = tile_px, patch_px, max_tiles
        self._split = split
        self._rng = random.Random(seed)
        self._module = importlib.import_module(config.generator)
        self._kept: list[_Image] = []
        self._pools: dict[tuple[int, int], list[tuple[_Image, list[Packed]]]] = {}
        self._added: Counter[int] = Counter()  # images by their number of tiles
        self._begun: dict[tuple[int, int], int] = {}  # `_added` when a pool got its first image

    def batches(self) -> Iterator[Batch]:
        """Full batches without end."""
        while True:
            key = self._add(self._next_image())
            if key and len(self._pools[key]) == self._config.images:
                yield self._assemble(key[1], self._pools.pop(key))

    def fixed_batches(self, n_images: int) -> list[Batch]:
        """`n_images` new images; batches that are not full are filled up with images without questions."""
        for _ in range(n_images):
            self._add(self._draw())
        batches = []
        for (_, length), pool in sorted(self._pools.items()):
            for start in range(0, len(pool), self._config.images):
                part = pool[start : start + self._config.images]
                filling: list[tuple[_Image, list[Packed]]] = [(part[0][0], [])] * (self._config.images - len(part))
                batches.append(self._assemble(length, [*part, *filling]))
        self._pools.clear()
        return batches

    def _next_image(self) -> _Image:
        config = self._config
        if len(self._kept) >= config.replay_pool:
            if self._rng.random() < 1 - 1 / config.replay:
                return self._rng.choice(self._kept)
            self._kept.pop(self._rng.randrange(len(self._kept)))
        image = self._draw()
        if config.replay > 1:
            self._kept.append(image)
        return image

    def _draw(self) -> _Image:
        """A new image. One that a generator's fault stops is left out: a long run must not end for a single one."""
        for _ in range(_FAULTS_IN_A_ROW - 1):
            try:
                return self._try_to_draw()
            except Exception:  # noqa: BLE001 - whatever it is, it is to be seen and mended after the run
                traceback.print_exc()
        return self._try_to_draw()

    def _try_to_draw(self) -> _Image:
        screen = self._draw_screen()
        tiled = make_tiles(screen.image, self._tile_px, self._max_tiles)
        letters = letter_targets(screen.glyphs, tiled, self._patch_px, [part.box for part in screen.unlocated])
        if not screen.located:
            letters[...] = UNKNOWN
        exchanges = []
        for question in screen.questions:
            ids, n_prompt = self._tokenizer.exchange(question.text, question.answer)
            if len(ids) <= self._config.lengths[-1]:
                exchanges.append(Exchange(tuple(ids), n_prompt, question.kind))
        return _Image(tiled, letters, tuple(exchanges))

    def _draw_screen(self) -> Screen:
        config, draw = self._config, self._rng.random()
        screen: Screen
        if draw < config.composite_share:
            screen = self._module.draw_composite(self._rng, split=self._split, tile_px=self._tile_px)
        elif draw < config.composite_share + config.desktop_share:
            screen = self._module.draw_desktop(self._rng, split=self._split, tile_px=self._tile_px)
        else:
            screen = self._module.draw_screen(self._rng, split=self._split)
        return screen

    def _add(self, image: _Image) -> tuple[int, int] | None:
        """Choose questions of one length and put the image into the pool of its kind."""
        config = self._config
        if not image.exchanges:
            return None
        weights = [config.kind_weights.get(one.kind.removeprefix("picture:"), 1.0) for one in image.exchanges]
        first = self._rng.choices(image.exchanges, weights)[0]
        length = next(place for place, limit in enumerate(config.lengths) if len(first.ids) <= limit)
        key = self._waiting_pool(len(image.tiled.tiles), length)
        sequences = self._chosen(image, first, weights, length, key[1])
        self._added[key[0]] += 1
        if key not in self._pools:
            self._pools[key] = []
            self._begun[key] = self._added[key[0]]
        self._pools[key].append((image, sequences))
        return key

    def _chosen(self, image: _Image, first: Exchange, weights: Sequence[float], length: int, room: int) -> list[Packed]:
        """Sequences of a length, the place `room` among `lengths`, with `first`, whose own is `length`, and others."""
        config = self._config
        n_sequences, n_tokens = config.questions[room], config.lengths[room]
        longest = n_tokens if config.pack else config.lengths[length]
        fitting = [place for place, one in enumerate(image.exchanges) if len(one.ids) <= longest]
        if config.pack:
            drawn = self._in_random_order(fitting, weights)
        else:
            drawn = self._rng.choices(fitting, [weights[place] for place in fitting], k=2 * config.questions[length])
        others = [image.exchanges[place] for place in dict.fromkeys(drawn) if image.exchanges[place] is not first]
        if config.pack:
            return first_fit([first, *others], n_sequences, n_tokens)
        return [[one] for one in [first, *others][:n_sequences]]

    def _in_random_order(self, places: Sequence[int], weights: Sequence[float]) -> list[int]:
        """Each place with a weight once; the next is always drawn by weight among what is left."""
        waits = {place: self._rng.expovariate(weights[place]) for place in places if weights[place] > 0}
        return sorted(waits, key=waits.__getitem__)

    def _waiting_pool(self, n_tiles: int, length: int) -> tuple[int, int]:
        """The pool for an image; one with longer texts that waited long is filled up first.

        Else long answers, which are rare, would hardly ever make a full batch.
        """
        for longer in range(length + 1, len(self._config.lengths)):
            key = (n_tiles, longer)
            if key in self._pools and self._added[n_tiles] - self._begun[key] > _PATIENCE * self._config.images:
                return key
        return n_tiles, length

    def _assemble(self, length: int, samples: list[tuple[_Image, list[Packed]]]) -> Batch:
        n_sequences, n_tokens = self._config.questions[length], self._config.lengths[length]
        arrays: Arrays = {
            "tiles": np.stack([image.tiled.tiles for image, _ in samples]),
            "ratio_ids": np.array([image.tiled.ratio_id for image, _ in samples], dtype=np.int64),
            "letters": np.stack([image.letters for image, _ in samples]),
        }
        sequences: list[Packed] = []
        for _, found in samples:
            sequences += [*found, *[[] for _ in range(n_sequences - len(found))]]
        text, kinds = write(sequences, n_tokens)
        for name in ("tokens", "positions"):
            text[name] = text[name].reshape(len(samples), n_sequences, n_tokens)
        if not self._config.pack:
            del text["positions"]  # are 0, 1, ... everywhere
        return Batch(arrays | text, kinds)


# Between processes

_ALIGN = 64
_Layout = list[tuple[str, str, tuple[int, ...], int]]


def _pack(arrays: Arrays, memory: mmap.mmap) -> _Layout:
    """Copy arrays into `memory`; returns name, dtype, shape and first byte of each."""
    layout, place = [], 0
    for name, array in arrays.items():
        target = np.frombuffer(memory, array.dtype, array.size, place).reshape(array.shape)
        target[...] = array
        layout.append((name, array.dtype.str, array.shape, place))
        place += -(-array.nbytes // _ALIGN) * _ALIGN
    return layout


def _unpack(layout: _Layout, memory: mmap.mmap) -> Arrays:
    """Views into `memory`."""
    return {
        name: np.frombuffer(memory, dtype, int(np.prod(shape, dtype=np.int64)), place).reshape(shape)
        for name, dtype, shape, place in layout
    }


class Loader:
    """Worker processes that make batches.

    Start it before the trainer touches the GPU: the workers are forked.
    """

    def __init__(
        self, config: DataConfig, tokenizer: Tokenizer, *, tile_px: int, patch_px: int, max_tiles: int, seed: str
    ) -> None:
        context = multiprocessing.get_context("fork")
        slot_bytes = _slot_bytes(config, tile_px, patch_px, max_tiles)
        self._memory = [mmap.mmap(-1, slot_bytes) for _ in range(config.slots)]
        self._free: Any = context.Queue()
        self._full: Any = context.Queue()
        for slot in range(config.slots):
            self._free.put(slot)
        sizes = {"tile_px": tile_px, "patch_px": patch_px, "max_tiles": max_tiles}
        self._workers: list[ForkProcess] = [
            context.Process(target=self._work, args=(config, tokenizer, sizes, f"{seed}:{number}"), daemon=True)
            for number in range(config.workers)
        ]
        for worker in self._workers:
            worker.start()

    def _work(self, config: DataConfig, tokenizer: Tokenizer, sizes: dict[str, int], seed: str) -> None:
        try:
            for batch in Generator(config, tokenizer, seed=seed, **sizes).batches():  # type: ignore[arg-type]
                slot = self._free.get()
                self._full.put((slot, _pack(batch.arrays, self._memory[slot]), batch.kinds))
        except Exception:  # noqa: BLE001 - it is raised again in the trainer
            self._full.put(traceback.format_exc())

    def take(self) -> tuple[int, Batch]:
        """Wait for a batch; its arrays are views that stay valid until `give_back` of the returned slot.

        Raises:
            RuntimeError: a worker failed.
        """
        while True:
            try:
                message = self._full.get(timeout=5)
            except Empty:
                if not all(worker.is_alive() for worker in self._workers):
                    raise RuntimeError("a data worker ended unexpectedly (out of memory?)") from None
                continue
            if isinstance(message, str):
                raise RuntimeError(f"a data worker failed:\n{message}")
            slot, layout, kinds = message
            return slot, Batch(_unpack(layout, self._memory[slot]), kinds)

    def give_back(self, slot: int) -> None:
        """Let workers write into a slot again."""
        self._free.put(slot)

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join()
        for queue in (self._free, self._full):
            queue.cancel_join_thread()
            queue.close()


def _slot_bytes(config: DataConfig, tile_px: int, patch_px: int, max_tiles: int) -> int:
    """Room for the largest batch."""
    image = max_tiles * (3 * tile_px**2 + (tile_px // patch_px) ** 2 * SLOTS) + 8
    rows = max(length * count for length, count in zip(config.lengths, config.questions, strict=True))
    return config.images * (image + rows * 6 * 8) + 16 * _ALIGN
