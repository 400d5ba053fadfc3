"""The importers that there are, in the order in which a file is shown to them."""

from __future__ import annotations

from desktop_vlm.conversion.importer import Importer
from desktop_vlm.families.mllama.ollama.importer import OllamaImporter

IMPORTERS: tuple[Importer, ...] = (OllamaImporter(),)
