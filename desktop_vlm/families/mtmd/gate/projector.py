"""The gate for an mmproj of a family that libmtmd runs."""

from __future__ import annotations

from desktop_vlm.families.mtmd.gate.encoder_tensors import check_biases, check_blocks_alike
from desktop_vlm.families.mtmd.gate.kinds import rules_of
from desktop_vlm.families.mtmd.gate.settings import check_setting_types, read_encoder_settings
from desktop_vlm.runtime.gate.file import check_file
from desktop_vlm.runtime.gate.tables import check_table
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile


def check_projector(file: GgufFile) -> None:
    """Check an mmproj by its header.

    Raises:
        UserError: libmtmd could not run it; the sentence names the file and the field.
    """
    check_file(file)
    check_setting_types(file)
    if not file.value("clip.has_vision_encoder"):
        return  # the family says that it sees nothing
    encoder = read_encoder_settings(file)
    check_table(file, rules_of(encoder.kind)(encoder, file))
    check_blocks_alike(encoder, file)
    check_biases(file)
