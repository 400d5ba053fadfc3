"""What to expect of a GPU that is not here: a model of time from published specifications (docs/benchmarks.md)."""
