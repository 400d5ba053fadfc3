"""LLaVA 1.5's checkpoints: their settings, and what becomes of every tensor."""
