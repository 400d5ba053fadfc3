"""An opened mmproj file of a family that libmtmd runs, and how it is loaded where it was placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.encode_hook import Correction
from desktop_vlm.families.mtmd.exact_activation import ExactActivation
from desktop_vlm.families.mtmd.exact_patches import ExactPatches
from desktop_vlm.families.mtmd.memory import (
    GPU_POOLS_BYTES,
    EncoderShape,
    encoder_shape,
    fit_sizing,
    plain_attention_fits,
)
from desktop_vlm.families.mtmd.pixels import encoder_size
from desktop_vlm.families.mtmd.plain import PlainEncoder
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.families.mtmd.runner import EncoderSetup, MtmdRunner
from desktop_vlm.runtime.ggml.device import Device, cpu_device, devices
from desktop_vlm.runtime.image_work import ImageWork
from desktop_vlm.runtime.memory import CPU, Need, Placement
from desktop_vlm.runtime.model_shape import TextShape
from desktop_vlm.runtime.text_model import TextModel

MANY_IMAGES = 100
"""As many as anybody shows in one conversation; the context ends before."""

_MEMORY_SHARE = 0.9
"""What of a device's free memory encoding may count on: the rest is for what is not known."""


class MtmdProjector:
    """The opened file (`runtime.vision_runner.VisionProjector` and `runtime.memory.VisionNeeds`).

    Attributes:
        file: its header.
    """

    attends_by_hook = False
    can_stream = False

    def __init__(self, rules: VisionRules) -> None:
        self.file = rules.file
        self._rules = rules
        self._sizing = rules.sizing

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def n_bytes(self) -> int:
        return self.file.n_bytes

    @property
    def capabilities(self) -> Capabilities:
        """Any number of images, each in its own turn; once loaded, with the sizes that context and memory allow."""
        return Capabilities(self._rules.family, MANY_IMAGES, self._sizing)

    @property
    def needs(self) -> MtmdProjector:
        return self

    def add_to(
        self,
        needs: Mapping[str, Need],
        text: TextShape,  # noqa: ARG002
        placement: Placement,
        device_of: Sequence[str],  # noqa: ARG002
    ) -> None:
        """Add the encoder's weights, and what encoding the largest image takes."""
        shape, sizing = self._planned(placement)
        need = needs[placement.vision_device]
        need.vision += self.file.n_bytes
        need.encoding += shape.encoding_bytes(*shape.largest(sizing))
        if placement.vision_device != CPU:
            need.encoding += GPU_POOLS_BYTES
        needs[CPU].buffers += shape.host_bytes(*shape.largest(sizing), on_cpu=placement.vision_device == CPU)

    def image_work(
        self,
        text: TextShape,  # noqa: ARG002
        placement: Placement,
        width: int,
        height: int,
    ) -> ImageWork | None:
        """Of an image of this size (`runtime.image_work.TellsWork`); None where the library decides about sizes."""
        shape, sizing = self._planned(placement)
        return None if sizing.kind == "library" else shape.work(sizing, width, height)

    def open_runner(
        self,
        text: TextModel,
        placement: Placement,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None],
    ) -> MtmdRunner:
        device = next((one for one in devices() if one.name == placement.vision_device), cpu_device())
        shape, sizing = self._planned(replace(placement, n_ctx=text.n_ctx, n_batch=text.n_batch))
        sizing = self._within_memory(shape, sizing, device)
        with self._rules.loadable() as path:
            setup = EncoderSetup(
                path=path,
                name=self.file.path.name,
                shape=shape,
                sizing=sizing,
                pad_color=self._rules.pad_color,
                flash_attention=None if device.is_gpu else shape.flash_attention,
                corrections=self._corrections(device),
                correct_rows=self._rules.row_correction,
            )
            runner = MtmdRunner(setup, text, device, n_threads, should_stop, on_bytes)
        self._sizing = sizing
        return runner

    def open_plain(
        self, text: TextModel, placement: Placement, n_threads: int, should_stop: Callable[[], bool]
    ) -> PlainEncoder:
        """As llama.cpp runs it by itself, for comparing (`runtime.plain_vision.OpensPlain`)."""
        device = next((one for one in devices() if one.name == placement.vision_device), cpu_device())
        shape, _ = self._planned(replace(placement, n_ctx=text.n_ctx, n_batch=text.n_batch))
        with self._rules.loadable() as path:
            return PlainEncoder(
                path,
                text,
                device,
                n_threads,
                should_stop,
                shape=shape,
                flash_attention=None if device.is_gpu else shape.flash_attention,
                max_tokens=shape.library_tokens(self._sizing),
            )

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of what the encoder gets, once this is loaded."""
        return encoder_size(self._sizing, width, height)

    def _corrections(self, device: Device) -> tuple[Correction, ...]:
        corrections = self._rules.corrections
        biases = self._rules.before_activations
        if biases and device.is_cpu and self.file.is_f32:
            corrections += (ExactPatches(self.file), ExactActivation(biases))
        return corrections

    def _planned(self, placement: Placement) -> tuple[EncoderShape, ImageSizing]:
        """The encoder, and the sizes that the context and the budget for encoding leave to images."""
        file, rules = self.file, self._rules
        shape = encoder_shape(file, n_layers=rules.n_layers, merge=rules.merge, flash_attention=False)
        sizing = rules.sizing
        most = placement.n_batch if rules.rows_see_each_other else 0
        sizing = fit_sizing(sizing, shape, n_ctx=placement.n_ctx, max_tokens=most)
        on_gpu = placement.vision_device != CPU
        if on_gpu or not (file.is_f32 or plain_attention_fits(shape, sizing)):
            shape = replace(shape, flash_attention=True)
        return shape, fit_sizing(sizing, shape, n_ctx=placement.n_ctx, max_tokens=most, within_budget=True)

    def _within_memory(self, shape: EncoderShape, sizing: ImageSizing, device: Device) -> ImageSizing:
        free_bytes = int((device.memory()[0] - self.file.n_bytes) * _MEMORY_SHARE)
        return shape.within_bytes(sizing, free_bytes)
