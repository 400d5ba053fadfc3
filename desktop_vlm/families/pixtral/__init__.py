"""Pixtral: an encoder with two-dimensional RoPE for images of any size, and a Mistral language model."""
