"""The engine: Llama 3.2 Vision on the ggml libraries that llama-cpp-python ships.

Nothing outside this package touches ctypes, llama.cpp or ggml; `desktop_vlm.backend` is the door.
"""

import os

# On cards since Hopper, ggml starts kernels before those in front of them have ended (programmatic dependent launch).
# In recorded graphs of our layers this gives wrong numbers at times: docs/decisions/0005.
os.environ.setdefault("GGML_CUDA_PDL", "0")
