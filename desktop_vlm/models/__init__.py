"""Models on disk: finding the two files of a model, the bundled demo, and the shapes of published models."""
