"""`python -m desktop_vlm` is `desktop-vlm`."""

import sys
from pathlib import Path

import desktop_vlm
from desktop_vlm.system.own_modules import forget_current_folder

forget_current_folder(Path(desktop_vlm.__file__).parent)

from desktop_vlm.cli.main import main  # noqa: E402 - from here on, nothing comes from the current folder

sys.exit(main())
