"""Ollama's folder: manifests, and blobs named by their SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path


def add_model(
    models: Path, files: dict[str, Path], *, name: str = "llama3.2-vision", tag: str = "latest", place: str = ""
) -> Path:
    """Put files of the kinds `model`, `projector`, ... into the folder `models`; returns the manifest.

    The files become blobs by hard links. `place` is `HOST/NAMESPACE`, the usual one if empty.
    """
    blobs = models / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    layers = []
    for kind, path in files.items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        blob = blobs / f"sha256-{digest}"
        if not blob.exists():
            os.link(path, blob)
        layers.append(
            {
                "mediaType": f"application/vnd.ollama.image.{kind}",
                "digest": f"sha256:{digest}",
                "size": path.stat().st_size,
            }
        )
    manifest = models / "manifests" / (place or "registry.ollama.ai/library") / name / tag
    manifest.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": "", "size": 0},
        "layers": layers,
    }
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return manifest
