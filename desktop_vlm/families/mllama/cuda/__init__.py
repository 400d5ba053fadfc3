"""Our own kernels for NVIDIA cards, and what starting them takes."""
