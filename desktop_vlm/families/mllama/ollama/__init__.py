"""Ollama's files of Llama 3.2 Vision, and those that others made from them, to this program's two files."""
