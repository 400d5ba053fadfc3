"""LLaVA 1.5: CLIP, a two-layer projector, and a Llama language model."""
