"""Pixtral's checkpoints, in Hugging Face's layout and in Mistral's own."""
