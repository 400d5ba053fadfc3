"""`python -m desktop_vlm` is `desktop-vlm`."""

import sys

from desktop_vlm.cli import main

sys.exit(main())
