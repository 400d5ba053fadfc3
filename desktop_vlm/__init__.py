"""desktop_vlm: ask about what is on your screen, offline, with Llama 3.2 Vision in GGUF."""

__version__ = "0.1.0"
