"""The engine: Llama 3.2 Vision on the ggml libraries that llama-cpp-python ships.

Nothing outside this package touches ctypes, llama.cpp or ggml; `desktop_vlm.backend` is the door.
"""
