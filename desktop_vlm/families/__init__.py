"""The model families: one folder each, found by the headers of their GGUF files through `registry`."""
