"""Qwen2.5-VL: an encoder with windowed attention for images of any size, and positions in three dimensions."""
