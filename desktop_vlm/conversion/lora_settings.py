"""What an adapter's adapter_config.json says (PEFT's LoraConfig), and what of it cannot be merged."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.json_file import read_object, section_of
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.system.bounded.section import Section

CONFIG_NAME = "adapter_config.json"

_NOT_A_SUM = {
    "use_qalora": "QALoRA",
    "use_bdlora": "BD-LoRA",
    "arrow_config": "Arrow",
    "kasa_config": "KaSA",
    "monteclora_config": "MonteCLoRA",
    "layer_replication": "layer replication",
    "target_parameters": "LoRA of single parameters",
    "alora_invocation_tokens": "activated LoRA",
    "trainable_token_indices": "single trained tokens",
}
"""Settings that make the adapter something else than a change that is added to the weights."""

_CHANGES_ITS_BASE = ("pissa", "olora", "corda", "loftq", "lora_ga")
"""Ways to begin training that change the base's weights as well, which the adapter does not hold."""

_MOST_PATTERN_CHARACTERS, _MOST_REPEATS = 500, 3


@dataclass(frozen=True)
class LoraSettings:
    """How the parts of an adapter become a change of weights.

    Attributes:
        folder: the adapter's.
        base: hub id or path of the model that it was trained on; empty if it does not say.
        rank, alpha: of layers that no pattern matches.
        rank_pattern, alpha_pattern: of layers by the end of their name, an expression.
        is_rank_stabilised: the change is scaled by the rank's square root (rsLoRA).
    """

    folder: Path
    base: str
    rank: int
    alpha: float
    rank_pattern: Mapping[str, int]
    alpha_pattern: Mapping[str, float]
    is_rank_stabilised: bool

    def scale(self, module: str, rank: int) -> float:
        """What the product of a layer's parts is multiplied by.

        Args:
            module: the layer's name, as the adapter spells it.
            rank: of the parts that are stored.

        Raises:
            UserError: the settings say another rank.
        """
        said = _matching(self.rank_pattern, module, self.rank)
        if said != rank:
            path = self.folder / CONFIG_NAME
            raise UserError(f"{path} says rank {said} for `{shown(module)}`, but its weights have rank {rank}.")
        alpha: float = _matching(self.alpha_pattern, module, self.alpha)
        return alpha / math.sqrt(rank) if self.is_rank_stabilised else alpha / rank


def _matching(patterns: Mapping[str, Any], module: str, otherwise: Any) -> Any:
    return next((value for key, value in patterns.items() if re.match(rf"(.*\.)?({key})$", module)), otherwise)


def read_lora_settings(folder: Path) -> LoraSettings:
    """The settings of the adapter in `folder`.

    Raises:
        UserError: they are broken, or say that the adapter is none that can be merged.
    """
    path = folder / CONFIG_NAME
    section = section_of(read_object(path), path)
    _check_kind(section)
    base = section.values.get("base_model_name_or_path")
    return LoraSettings(
        folder=folder,
        base=base if isinstance(base, str) else "",
        rank=section.integer("r", 8),
        alpha=section.number("lora_alpha", 8.0),
        rank_pattern=_pattern(section, "rank_pattern", Section.integer),
        alpha_pattern=_pattern(section, "alpha_pattern", Section.number),
        is_rank_stabilised=section.values.get("use_rslora") is True,
    )


def _check_kind(section: Section) -> None:
    if (kind := section.string("peft_type", "LORA")) != "LORA":
        raise UserError(f"{section.where}: the adapter is of the kind {shown(kind)}, but only LoRA can be merged.")
    for key, name in _NOT_A_SUM.items():
        if section.values.get(key):
            raise UserError(
                f"{section.where}: `{key}` is set ({name}), which cannot be merged here: merge it with PEFT "
                "(merge_and_unload), save the model and convert that."
            )
    way = section.values.get("init_lora_weights")
    if isinstance(way, str) and way.startswith(_CHANGES_ITS_BASE):
        raise UserError(
            f"{section.where}: the adapter was begun with {shown(way)}, which changed its base model too: save it "
            "converted (path_initial_model_for_weight_conversion), or merge it with PEFT and convert the result."
        )


def _pattern(section: Section, key: str, read: Any) -> dict[str, Any]:
    """Values by expression; expressions that could take forever to match are refused."""
    patterns = section.section(key)
    for text in patterns.values:
        is_long = len(text) > _MOST_PATTERN_CHARACTERS or len(re.findall(r"[*+{]", text)) > _MOST_REPEATS
        if is_long or re.search(r"\)[*+{?]|\\[1-9]|\(\?", text):
            raise UserError(f"{patterns.where}: `{shown(text)}` is too involved an expression for a layer's name.")
        try:
            re.compile(text)
        except re.error:
            raise UserError(f"{patterns.where}: `{shown(text)}` is no regular expression.") from None
    return {text: read(patterns, text) for text in patterns.values}
