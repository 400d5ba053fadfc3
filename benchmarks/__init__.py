"""Speed and memory; one program per table, run from the repository's root as `python -m benchmarks.NAME`."""
