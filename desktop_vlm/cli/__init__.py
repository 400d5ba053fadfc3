"""The commands of `desktop-vlm`, one module each: `add_parser` declares its arguments, `run` carries it out."""
