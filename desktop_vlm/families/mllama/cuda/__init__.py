"""Our own kernels for NVIDIA GPUs, and what starting them takes."""
