"""Qwen2.5-VL's checkpoints: their settings, and what becomes of every tensor."""
