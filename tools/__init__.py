"""Programs for people who work on desktop_vlm; run them from the repository's root as `python -m tools.NAME`."""
