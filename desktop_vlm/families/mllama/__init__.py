"""Llama 3.2 Vision (mllama): its own vision encoder and cross-attention layers beside llama.cpp's text model."""
