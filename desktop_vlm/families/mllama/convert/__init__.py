"""Llama 3.2 Vision's checkpoints: their settings, and what becomes of every tensor."""
