"""`python -m tests.fuzz.configs`: damage small files by the thousand, and read them."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.fuzz.configs.json_kinds import Manifests, Notes, Partials, Records
from tests.fuzz.configs.toml_kinds import Actions, Catalogues, SettingsFiles
from tests.fuzz.harness import Kind, main

KINDS: dict[str, Callable[[], Kind]] = {
    "settings": SettingsFiles, "actions": Actions, "catalogue": Catalogues, "records": Records, "notes": Notes,
    "partials": Partials, "manifests": Manifests,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(__doc__ or "", KINDS))
