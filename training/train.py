"""Train the adapter, a limited time at once.

    python -m training.train CONFIG.toml --out RUN_FOLDER [--resume RUN_FOLDER] [--state FILE] [--minutes 9]

First the encoder alone learns which letter stands in each slot (phase "letters"), then everything learns to
answer questions, with a little of the first loss kept (phase "answers"). What is worth carrying elsewhere, the
averaged weights in float16, goes to RUN_FOLDER; FILE keeps everything else for the next call on the same machine.
Started by `torchrun`, several GPUs train one model: see `together`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from training.data import DataConfig, Generator, Loader
from training.export import Run, load_run, save_run
from training.feeding import Feeder, to_device
from training.language_model import Tokenizer, find_gguf, open_gguf
from training.losses import Scores, answer_loss, letter_loss
from training.model import Adapter, VisionTextModel, compile_layers
from training.optimizers import Optimizers
from training.text_model import TextModel
from training.together import Together
from training.vision_encoder import ModelConfig

LETTERS, ANSWERS = "letters", "answers"
_SHOW_EVERY_S = 15
_ATTENTION = [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
"""The first that can is taken. On an H200 cuDNN's takes two thirds of the time of PyTorch's own for tiles of 560."""
_AGREE_EVERY = 10
"""Steps after which all processes learn what time it is, whether to evaluate and whether to stop."""


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Attributes:
        seed: of weights and data.
        total_minutes: the planned sum over all calls; the learning rate falls over it.
        letters_minutes: of those, the first that only train letters.
        head_minutes: of those, the first in which the loss of letters moves its own head alone. A GGUF holds no such
            head, and until that can read, what it asks of the encoder is noise.
        lr, final_lr_share: the highest learning rate, and what share of it remains at the end.
        warmup_steps: at the start of each phase, and of a call that found no optimizer state.
        optimizer: one of `training.optimizers.OPTIMIZERS`.
        attention_gate_lr: what share of the learning rate the gates of cross-attention get; see there.
        letter_weight: of the letter loss while answers are trained.
        length_power: an answer of k tokens weighs k to this power, so below 1 a short one weighs more for each token.
        ema_decay: of the averaged weights, which are what is saved and evaluated.
        log_every: steps.
        eval_every_s, eval_images: how often and on how many held-out images to evaluate.
    """

    seed: int = 1
    total_minutes: float = 40.0
    letters_minutes: float = 4.0
    head_minutes: float = 0.0
    lr: float = 1e-3
    final_lr_share: float = 0.05
    warmup_steps: int = 100
    optimizer: str = "adamw"
    attention_gate_lr: float = 1.0
    weight_decay: float = 0.05
    clip: float = 1.0
    letter_weight: float = 0.3
    length_power: float = 1.0
    ema_decay: float = 0.999
    log_every: int = 20
    eval_every_s: float = 60.0
    eval_images: int = 320


@dataclass(frozen=True)
class Config:
    """A run: its TOML file has a table for each part."""

    model: ModelConfig
    data: DataConfig
    train: TrainConfig


def read_config(path: Path) -> Config:
    """Read a run's TOML file.

    Raises:
        TypeError: it has a setting that does not exist.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))

    def part(name: str) -> dict[str, Any]:
        return {key: tuple(value) if isinstance(value, list) else value for key, value in content.get(name, {}).items()}

    return Config(ModelConfig(**part("model")), DataConfig(**part("data")), TrainConfig(**part("train")))


class Trainer:
    """The model with its optimizer and averaged weights, and how far it came.

    Attributes:
        step, elapsed_s: over all calls; `elapsed_s` is the same in all processes.
        model: adapter and language model.
    """

    def __init__(self, config: Config, model: VisionTextModel, device: torch.device, together: Together) -> None:
        self.config, self.model, self.together, self._device = config, model, together, device
        self.step, self.elapsed_s = 0, 0.0
        self._adapter: Adapter = model.adapter
        self._parameters: list[Tensor] = list(self._adapter.parameters())
        self._average = [value.detach().clone() for value in self._parameters]
        self._warm_from = 0
        train = config.train
        self._optimizers = Optimizers(
            train.optimizer,
            self._adapter,
            weight_decay=train.weight_decay,
            fused=device.type == "cuda",
            attention_gate_lr=train.attention_gate_lr,
        )

    # What is kept

    def resume(self, run: Run) -> None:
        """Go on from saved weights, with a new optimizer."""
        self._adapter.load_state_dict(run.weights)
        self._average = [value.detach().clone() for value in self._parameters]
        self.step, self.elapsed_s = run.progress["step"], run.progress["elapsed_s"]
        self._warm_from = self.step

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from what `save_state` wrote."""
        self._adapter.load_state_dict(state["weights"])
        self._optimizers.load_state_dict(state["optimizers"])
        self._average = [value.to(self._device) for value in state["average"]]
        self.step, self.elapsed_s, self._warm_from = state["step"], state["elapsed_s"], state["warm_from"]

    def save_state(self, path: Path) -> None:
        """Everything, for another call on the same machine."""
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "weights": self._adapter.state_dict(),
            "optimizers": self._optimizers.state_dict(),
            "average": self._average,
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "warm_from": self._warm_from,
        }
        torch.save(state, path)

    def save(self, folder: Path, phase: str) -> int:
        """The averaged weights, in float16; returns their size in bytes."""
        progress = {"step": self.step, "elapsed_s": round(self.elapsed_s, 1), "phase": phase}
        with self.averaged():
            return save_run(Run(self._adapter.state_dict(), self.config.model, progress), folder)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The averaged weights stand in for the trained ones inside."""
        trained = [value.detach().clone() for value in self._parameters]
        with torch.no_grad():
            torch._foreach_copy_(self._parameters, self._average)
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(self._parameters, trained)

    # A step

    @property
    def phase(self) -> str:
        """The phase that the plan has for now."""
        return LETTERS if self.elapsed_s < self.config.train.letters_minutes * 60 else ANSWERS

    @property
    def head_alone(self) -> bool:
        """Whether letters move nothing but the head that reads them."""
        return self.elapsed_s < self.config.train.head_minutes * 60

    def start_phase(self) -> None:
        """Warm up from here."""
        self._warm_from = self.step

    def learning_rate(self) -> float:
        train = self.config.train
        warm = min(1.0, (self.step - self._warm_from + 1) / train.warmup_steps)
        done = min(1.0, self.elapsed_s / (train.total_minutes * 60))
        falling = train.final_lr_share + (1 - train.final_lr_share) * (1 + math.cos(math.pi * done)) / 2
        return train.lr * warm * falling

    def train_step(self, batch: dict[str, Tensor], phase: str, scores: Scores) -> None:
        with self._autocast():
            features = self.model.encode(batch["tiles"], batch["ratio_ids"])  # [B, K, features]
            seen = features.detach() if self.head_alone else features
            loss = letter_loss(self._adapter.letters(seen), batch["letters"], scores)
            if phase == ANSWERS:
                logits = self._answer_logits(features, batch)  # [n, vocab_size]
                found, _, _ = answer_loss(logits, batch, scores, self.config.train.length_power)
                loss = found + self.config.train.letter_weight * loss
        loss.backward()
        self.together.average([value.grad for value in self._parameters if value.grad is not None])
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, self.config.train.clip)
        scores.add("grad_norm", norm, torch.ones_like(norm))
        self._optimizers.step(self.learning_rate())
        self.step += 1
        decay = min(self.config.train.ema_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self._average, self._parameters, 1 - decay)

    def _answer_logits(self, features: Tensor, batch: dict[str, Tensor]) -> Tensor:
        hidden = self.model.hidden(features, batch["tokens"], batch.get("positions"))  # [B * Q * L, width]
        return self.model.text.logits(hidden[batch["answer_rows"]])  # [n, vocab_size]

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda")

    # Evaluation

    def evaluate(self, held_out: HeldOut, phase: str) -> tuple[dict[str, float], dict[str, list[float]]]:
        """Averaged weights on held-out images; answers are teacher-forced.

        Returns:
            Mean scores; and for every kind of question: exchanges, exact answers, tokens, right tokens.
        """
        scores = Scores()
        kinds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        with self.averaged(), torch.no_grad(), self._autocast():
            for batch, names in held_out.batches:
                features = self.model.encode(batch["tiles"], batch["ratio_ids"])  # [B, K, features]
                letter_loss(self._adapter.letters(features), batch["letters"], scores)
                if phase == LETTERS:
                    continue
                _, n_wrong, n_all = answer_loss(self._answer_logits(features, batch), batch, scores)
                for kind, wrong, total in zip(names, n_wrong.tolist(), n_all.tolist(), strict=True):
                    if kind:
                        found = (1.0, float(wrong == 0), total, total - wrong)
                        kinds[kind] = [old + new for old, new in zip(kinds[kind], found, strict=True)]
        return scores.means(), dict(kinds)


@dataclass(frozen=True)
class HeldOut:
    """Batches that are never trained on, with the kind of every exchange."""

    batches: list[tuple[dict[str, Tensor], tuple[str, ...]]]


class _Log:
    """Writes a line of JSON for every record, and shows some of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_shown_s = 0.0

    def write(self, record: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        if "eval" in record or time.monotonic() - self._last_shown_s > _SHOW_EVERY_S:
            print(json.dumps({key: value for key, value in record.items() if key != "kinds"}), flush=True)
            self._last_shown_s = time.monotonic()


def run(trainer: Trainer, feeder: Feeder, held_out: HeldOut, out: Path, *, stop_s: float, phase: str) -> None:
    """Train until `stop_s` (of `time.monotonic`) or the end of the plan; save, and print a table.

    Args:
        trainer: what to train.
        feeder: where batches come from.
        held_out: what to evaluate on.
        out: folder of weights and log.
        stop_s: when to stop.
        phase: "letters", "answers", or "auto" for what is planned.
    """
    train, log, together = trainer.config.train, _Log(out / "log.jsonl"), trainer.together
    scores, interval, pace = Scores(), _Interval(), _Pace(trainer, stop_s)
    current = ""
    for count in itertools.count():
        if count % _AGREE_EVERY == 0:
            if pace.over():
                break
            if pace.evaluation_due():
                if together.leads:
                    _evaluate(trainer, held_out, current, log)
                    trainer.save(out, current)
                    interval = _Interval()
                pace.resume()
        planned = trainer.phase if phase == "auto" else phase
        if planned != current:
            if current:
                trainer.start_phase()
            current = planned
        batch = interval.waiting(feeder.take)
        trainer.train_step(batch, current, scores)
        interval.n_images += len(batch["tiles"]) * together.size
        if together.leads and (trainer.step % train.log_every == 0 or trainer.step == 1):
            record = {"step": trainer.step, "phase": current, "lr": round(trainer.learning_rate(), 7), **scores.means()}
            log.write({**record, "elapsed_s": round(trainer.elapsed_s, 1), **interval.rates()})
            interval = _Interval()
    if not together.leads:
        return
    kinds = _evaluate(trainer, held_out, current, log)
    n_bytes = trainer.save(out, current)
    print(f"step {trainer.step}, {trainer.elapsed_s / 60:.1f} min of the plan, weights {n_bytes / 1e6:.1f} MB")
    print(table(kinds))


class _Pace:
    """Keeps `elapsed_s`, and decides for all processes at once when to evaluate and when to stop."""

    def __init__(self, trainer: Trainer, stop_s: float) -> None:
        self._trainer, self._stop_s = trainer, stop_s
        self._last_s = self._last_eval_s = time.monotonic()
        self._evaluate = False

    def over(self) -> bool:
        """Whether to stop, as of now."""
        trainer, train, now_s = self._trainer, self._trainer.config.train, time.monotonic()
        elapsed_s = trainer.elapsed_s + now_s - self._last_s
        done = now_s >= self._stop_s or elapsed_s >= train.total_minutes * 60
        self._last_s = now_s
        agreed = trainer.together.agree(elapsed_s, done, now_s - self._last_eval_s > train.eval_every_s)
        trainer.elapsed_s, self._evaluate = agreed[0], bool(agreed[2])
        return bool(agreed[1])

    def evaluation_due(self) -> bool:
        """Whether it was time to evaluate when `over` was last asked."""
        return self._evaluate

    def resume(self) -> None:
        """Go on after an evaluation, which does not count."""
        self._last_s = self._last_eval_s = time.monotonic()


class _Interval:
    """Measures what happens between two lines of the log."""

    def __init__(self) -> None:
        self.n_images = 0
        self._start_s = time.monotonic()
        self._waited_s = 0.0

    def waiting(self, take: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
        start_s = time.monotonic()
        batch = take()
        self._waited_s += time.monotonic() - start_s
        return batch

    def rates(self) -> dict[str, float]:
        spent_s = time.monotonic() - self._start_s
        return {"images_per_s": round(self.n_images / spent_s, 1), "wait_share": round(self._waited_s / spent_s, 3)}


def _evaluate(trainer: Trainer, held_out: HeldOut, phase: str, log: _Log) -> dict[str, list[float]]:
    start_s = time.monotonic()
    means, kinds = trainer.evaluate(held_out, phase or ANSWERS)
    record: dict[str, Any] = {"eval": True, "step": trainer.step, "elapsed_s": round(trainer.elapsed_s, 1), **means}
    record["eval_s"] = round(time.monotonic() - start_s, 2)
    log.write({**record, "kinds": kinds})
    return kinds


def table(kinds: dict[str, list[float]]) -> str:
    """Held-out results for every kind of question."""
    lines = [f"{'kind':<24}{'n':>6}{'exact':>8}{'tokens':>8}"]
    for kind, (count, exact, total, right) in sorted(kinds.items()):
        lines.append(f"{kind:<24}{count:>6.0f}{exact / count:>8.3f}{right / max(total, 1):>8.3f}")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and log")
    parser.add_argument("--resume", type=Path, help="folder of an earlier run to go on from")
    parser.add_argument("--state", type=Path, help="keeps everything; where it exists, it is gone on from")
    parser.add_argument("--minutes", type=float, default=9.0, help="stop after so long, starting included")
    parser.add_argument("--total-minutes", type=float, help="of the plan, in place of the configuration's")
    parser.add_argument("--phase", choices=(LETTERS, ANSWERS, "auto"), default="auto")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True, help="only done on a GPU")
    return parser.parse_args()


def main() -> None:
    """Train as the command line says."""
    options = _options()
    stop_s = time.monotonic() + options.minutes * 60
    config = read_config(options.config)
    if options.total_minutes:
        config = replace(config, train=replace(config.train, total_minutes=options.total_minutes))
    together = Together()
    options.out.mkdir(parents=True, exist_ok=True)
    resumed = load_run(options.resume) if options.resume else None
    state = None
    if options.state and options.state.exists():
        state = torch.load(options.state, map_location="cpu", weights_only=True)
    first_step = state["step"] if state else resumed.progress["step"] if resumed else 0
    file = open_gguf(find_gguf())
    tokenizer = Tokenizer(file.settings)
    sizes = {"tile_px": config.model.tile_px, "patch_px": config.model.patch_px, "max_tiles": config.model.max_tiles}
    loader = Loader(config.data, tokenizer, seed=f"{config.train.seed}:{first_step}:{together.rank}", **sizes)
    fixed = Generator(config.data, tokenizer, seed=f"{config.train.seed}:held out", split="held_out", **sizes)
    held_out = fixed.fixed_batches(config.train.eval_images) if together.leads else []
    device = together.device()
    feeder = Feeder(loader, device)
    try:
        together.join(device)
        torch.manual_seed(config.train.seed)
        torch.set_float32_matmul_precision("high")
        text = TextModel(file, torch.bfloat16 if device.type == "cuda" else torch.float32)
        model = VisionTextModel(Adapter(config.model, text.shape), text).to(device)
        trainer = Trainer(config, model, device, together)
        if state:
            trainer.load_state(state)
        elif resumed:
            trainer.resume(resumed)
        if options.compile and device.type == "cuda":
            compile_layers()
        print(f"{sum(p.numel() for p in model.adapter.parameters()):,} parameters, step {trainer.step}", flush=True)
        batches = HeldOut([(to_device(batch, device), batch.kinds) for batch in held_out])
        with sdpa_kernel(_ATTENTION, set_priority=True):
            run(trainer, feeder, batches, options.out, stop_s=stop_s, phase=options.phase)
        if options.state and together.leads:
            trainer.save_state(options.state)
    finally:
        feeder.close()
        together.leave()


if __name__ == "__main__":
    main()
