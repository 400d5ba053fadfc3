"""`python -m desktop_vlm` is `desktop-vlm`."""

import sys

from desktop_vlm.cli.main import main

sys.exit(main())
