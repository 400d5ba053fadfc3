"""What a family's converter says of a checkpoint: everything that is written, before a weight is packed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from gguf import GGMLQuantizationType as Type

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.decoder import Decoder, decoder_tensors
from desktop_vlm.conversion.json_file import read_object, read_optional_object
from desktop_vlm.conversion.metadata import KeyValue, decoder_metadata
from desktop_vlm.conversion.quant_types import FileType, LayerStack, vision_type
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tokenizer import Tokenizer
from desktop_vlm.conversion.weight_files import WeightFiles

MmprojType = Callable[[GgufTensor, FileType, FileType], Type]
"""The type of a tensor of the mmproj, from the types asked for the vision encoder and for the language model."""


@dataclass(frozen=True)
class TextRecipe:
    """The text GGUF.

    Attributes:
        arch: llama.cpp's architecture.
        metadata: entries about the model; what is general and the tokenizer's are added.
        tensors: in the order of the file.
        stack: what the rules of types ask of the layers.
        read_tokenizer: reads the checkpoint's tokenizer.
    """

    arch: str
    metadata: list[KeyValue]
    tensors: list[GgufTensor]
    stack: LayerStack
    read_tokenizer: Callable[[], Tokenizer]


@dataclass(frozen=True)
class MmprojRecipe:
    """The mmproj GGUF.

    Attributes:
        metadata: entries about the encoder and projector; what is general is added.
        tensors: in the order of the file.
        choose_type: of each tensor.
        has_text_layers: layers of the language model lie in this file and get its type.
        shortened: says which tensors of a checkpoint on this computer can be written with fewer values, as those say
            the same; by their names in the file.
    """

    metadata: list[KeyValue]
    tensors: list[GgufTensor]
    choose_type: MmprojType
    has_text_layers: bool = False
    shortened: Callable[[Checkpoint], dict[str, GgufTensor]] | None = None

    def fitted_to(self, checkpoint: Checkpoint | None) -> MmprojRecipe:
        """The recipe with what the checkpoint's values allow to shorten; the same where they are not at hand."""
        shorter = self.shortened(checkpoint) if self.shortened and checkpoint else {}
        return replace(self, tensors=[shorter.get(tensor.name, tensor) for tensor in self.tensors])


@dataclass(frozen=True)
class Recipe:
    """Both files of a checkpoint.

    Attributes:
        text: the language model's.
        mmproj: the vision projector's.
        names: spellings of the tensors' names.
        not_used: canonical names of tensors that may be there and go into neither file.
        weights: how the files with the weights are called.
        settings_name: the file that the shapes are said in.
        may_be_longer: canonical names of tensors that may have more rows than are used.
        notes: sentences that a person should read before the work begins.
        open_weights: opens weights that are in a layout of their own.
    """

    text: TextRecipe
    mmproj: MmprojRecipe
    names: TensorNames = field(default_factory=TensorNames)
    not_used: frozenset[str] = frozenset()
    weights: WeightFiles = field(default_factory=WeightFiles)
    settings_name: str = "config.json"
    may_be_longer: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    open_weights: Callable[[], Checkpoint] | None = None


@dataclass(frozen=True)
class Settings:
    """A checkpoint's main settings: `config` is config.json, `params` Mistral's params.json; empty where missing.

    Attributes:
        folder: where the model's files are.
        config: of config.json.
        params: of params.json.
        own_tokenizer: the folder of a tokenizer that takes the place of the model's, an adapter's for example.
    """

    folder: Path
    config: dict[str, Any]
    params: dict[str, Any]
    own_tokenizer: Path | None = None

    @property
    def tokenizer_folder(self) -> Path:
        """Where the tokenizer's files are."""
        return self.own_tokenizer or self.folder

    @property
    def model_type(self) -> str:
        """What config.json calls the kind of model; empty where it does not."""
        value = self.config.get("model_type")
        return value if isinstance(value, str) else ""


def decoder_recipe(decoder: Decoder, read: Callable[[], Tokenizer]) -> TextRecipe:
    """The text GGUF of a dense decoder; `read` reads its tokenizer."""
    stack = LayerStack(decoder.n_layers, decoder.n_heads // decoder.n_heads_kv, decoder.arch)
    return TextRecipe(decoder.arch, decoder_metadata(decoder), decoder_tensors(decoder), stack, read)


def mmproj_recipe(metadata: list[KeyValue], tensors: list[GgufTensor]) -> MmprojRecipe:
    """The mmproj GGUF of an encoder that libmtmd runs."""
    return MmprojRecipe(metadata, tensors, lambda tensor, vision, _: vision_type(tensor, vision))


class Converter(Protocol):
    """Converts one kind of checkpoint.

    Attributes:
        title: what it converts, for people: `Llama 3.2 Vision (mllama)`.
    """

    title: str

    def recognises(self, settings: Settings) -> bool:
        """Whether this is a checkpoint of that kind; by its settings, never by its name."""
        ...

    def recipe(self, settings: Settings) -> Recipe:
        """What becomes of the checkpoint.

        Raises:
            UserError: a file is missing or broken, or the settings ask for something that cannot be converted.
        """
        ...


def read_settings(folder: Path) -> Settings:
    """The main settings of the checkpoint in `folder`.

    Raises:
        UserError: there are none, or a file is broken.
    """
    params = read_optional_object(folder / "params.json")
    is_original = bool(params) or any(folder.glob("consolidated*"))  # the makers' own layouts have no config.json
    config = read_optional_object(folder / "config.json") if is_original else read_object(folder / "config.json")
    return Settings(folder, config, params)


def converter_for(settings: Settings, converters: tuple[Converter, ...]) -> Converter:
    """The converter of a checkpoint.

    Raises:
        UserError: there is none.
    """
    found = next((converter for converter in converters if converter.recognises(settings)), None)
    if found is None:
        path = settings.folder / ("config.json" if settings.config else "params.json")
        missing = "`model_type`" if settings.config else "vision encoder"
        what = f"a `{shown(settings.model_type)}` model" if settings.model_type else f"a model without a {missing}"
        known = ", ".join(converter.title for converter in converters)
        raise UserError(f"{path} describes {what}, which cannot be converted; these can: {known}.")
    return found
