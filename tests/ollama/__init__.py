"""Files and folders laid out as Ollama lays them out, made from tiny models that our own converter wrote.

Written after what is known of Ollama's layouts (docs/importing.md), apart from the importer, which undoes what is done
here.
"""

from __future__ import annotations

from tests.ollama.folder import add_model
from tests.ollama.forms import Changes, OllamaFiles, write_new_form, write_old_form

__all__ = ["Changes", "OllamaFiles", "add_model", "write_new_form", "write_old_form"]
