"""The way out of a file that is broken or missing: it depends on where the checkpoint came from."""

from __future__ import annotations

from pathlib import Path

_MOST_SHOWN = 120  # characters of a name that a file says


def get_again(path: Path, what: str = "the file") -> str:
    """What to do about `path`: only what the hub's client stored can be downloaded again.

    Args:
        path: a file or folder of the checkpoint.
        what: how the sentence calls it.
    """
    if is_from_hub(path):
        return f"download {what} again"
    return f"copy {what} again from the original, or save the model again (save_pretrained)"


def is_from_hub(path: Path) -> bool:
    """Whether the hub's client put the file there, into its cache or into a folder that somebody named."""
    in_cache = any(parent.name == "snapshots" and parent.parent.name.startswith("models--") for parent in path.parents)
    folder = path if path.is_dir() else path.parent
    return in_cache or (folder / ".cache" / "huggingface").is_dir()


def shown(name: str) -> str:
    """A name that a file says, fit to stand in a sentence: one line, not too long."""
    text = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}..."
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
