"""What others published of plain llama.cpp on consumer GPUs: facts to hold the predictions against.

Llama 3 8B in Q4_K_M has the language model of the 11B without its cross-attention; Llama 2 13B that of LLaVA 1.5 13B.
"""

from __future__ import annotations

from dataclasses import dataclass

_GPU_BENCHMARKS = "https://github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference (May 2024)"


@dataclass(frozen=True)
class Published:
    """Speeds of one GPU, as `llama-bench` reports them.

    Attributes:
        gpu: its name in `gpu_models.toml`.
        shape: whose language model it is.
        decode, prefill: tokens in a second: 512 or 128 one by one, and 512 at once; 0 where not given.
        source: where it stands.
    """

    gpu: str
    shape: str
    decode: float
    prefill: float
    source: str


PUBLISHED = (
    Published("RTX 3070", "11B", 72.79, 2402.51, _GPU_BENCHMARKS),
    Published("RTX 3080 10 GB", "11B", 109.57, 3728.86, _GPU_BENCHMARKS),
    Published("RTX 3080 Ti", "11B", 110.60, 3690.30, _GPU_BENCHMARKS),
    Published("RTX 3090", "11B", 115.42, 4030.40, _GPU_BENCHMARKS),
    Published("RTX 4070 Ti", "11B", 83.50, 3936.29, _GPU_BENCHMARKS),
    Published("RTX 4080", "11B", 108.15, 5389.74, _GPU_BENCHMARKS),
    Published("RTX 4090", "11B", 130.58, 7138.99, _GPU_BENCHMARKS),
    Published(
        "RTX 3080 10 GB",
        "11B",
        111.95,
        3806.89,
        "https://github.com/dmatora/LLM-inference-speed-benchmarks/issues/12 (August 2024)",
    ),
    Published("RTX 2080", "11B", 71.9, 0, "https://github.com/AlexsJones/llmfit/pull/773 (July 2026)"),
    Published("RTX 2080 Ti", "llava-13b", 0, 1493.64, "https://github.com/geerlingguy/ai-benchmarks/issues/46 (2025)"),
    Published("RTX 4070 Laptop", "11B", 48.12, 2365.26, "https://github.com/brand-o/normiebench/issues/4 (2026)"),
    Published("RTX 2070 Laptop", "11B", 44.84, 1193.53, "https://github.com/brand-o/normiebench/issues/39 (2026)"),
)
