"""What the hook costs on a real text model: the demo's SmolLM2-135M beside itself in plain llama.cpp.

python -m benchmarks.hook_cost --repeat 15 --generate 64
"""

from __future__ import annotations

import sys

from desktop_vlm.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["bench", "--gpu-layers", "0", *sys.argv[1:]]))
