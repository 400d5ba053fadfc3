"""Files that programs are started with, written into a new home folder, so that all contents are our own."""

from __future__ import annotations

import random
import struct
import wave
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw

from training.interfaces.running.documents import write_documents
from training.interfaces.running.names import FIRST as _FIRST
from training.interfaces.running.names import SECOND as _SECOND
from training.interfaces.running.names import name_of, sentence_of, text_of


def image_of(rng: random.Random) -> Image.Image:
    """A landscape of a few flat shapes."""
    width, height = rng.choice(((800, 600), (640, 480), (900, 600)))
    image = Image.new("RGB", (width, height), tuple(rng.randint(150, 240) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for place in range(rng.randint(3, 7)):
        top = height * (place + 3) // 10
        color = tuple(rng.randint(30, 220) for _ in range(3))
        points = [(x, top + rng.randint(-40, 40)) for x in range(0, width + 80, 80)]
        draw.polygon([*points, (width, height), (0, height)], fill=color)
    at = rng.randint(60, width - 120)
    draw.ellipse((at, 40, at + 80, 120), fill=(250, 220, 90))
    return image


def fill_home(home: Path, rng: random.Random) -> dict[str, str]:
    """Write files and folders. Returns the paths for the slots of `program_table.py`."""
    folders = {name: home / name for name in ("Documents", "Photos", "Music", "Downloads", "Projects")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    paths = {"home": home, "images": folders["Photos"], "music": folders["Music"]}
    documents = folders["Documents"]
    text = text_of(rng)
    paths["text"] = _written(documents / f"{name_of(rng)}.txt", text)
    changed = [line if rng.random() < 0.6 else sentence_of(rng) for line in text.splitlines()]
    paths["text2"] = _written(documents / f"{name_of(rng)} 2.txt", "\n".join(changed) + "\n")
    for _ in range(rng.randint(4, 9)):
        _written(documents / f"{name_of(rng)}.{rng.choice(('txt', 'md', 'csv'))}", text_of(rng, rng.randint(1, 9)))
    title, other = rng.choice(_FIRST).title(), rng.choice(_SECOND).title()
    points = "\n".join(f"- {sentence_of(rng)}" for _ in range(5))
    paths["markdown"] = _written(documents / "readme.md", f"# {title}\n\n{text_of(rng, 2)}\n## {other}\n\n{points}\n")
    head = f"<!DOCTYPE html>\n<html>\n  <head>\n    <title>{title}</title>\n  </head>\n  <body>\n"
    body = "".join(f"    <p>{sentence_of(rng)}</p>\n" for _ in range(8))
    paths["html"] = _written(folders["Projects"] / "index.html", f"{head}{body}  </body>\n</html>\n")
    head = f"\\documentclass{{article}}\n\\title{{{title}}}\n\\begin{{document}}\n\\maketitle\n"
    body = "".join(f"\\section{{{rng.choice(_FIRST).title()}}}\n{text_of(rng, 1)}\n" for _ in range(4))
    paths["tex"] = _written(folders["Projects"] / f"{rng.choice(_FIRST)}.tex", f"{head}{body}\\end{{document}}\n")
    paths["python"] = _written(folders["Projects"] / f"{rng.choice(_FIRST)}.py", "".join(
        f"def {rng.choice(_FIRST)}_{place}(n: int) -> int:\n    # {sentence_of(rng)}\n    return n * {place}\n\n\n"
        for place in range(9)))  # fmt: skip
    paths["binary"] = documents / "values.bin"
    paths["binary"].write_bytes(rng.randbytes(600) + text.encode())
    for _ in range(rng.randint(5, 10)):
        paths["image"] = folders["Photos"] / f"{name_of(rng)}.png"
        image_of(rng).save(paths["image"])
    for _ in range(rng.randint(3, 6)):
        _write_sound(folders["Music"] / f"{name_of(rng)}.wav", rng)
    paths["zip"] = folders["Downloads"] / f"{name_of(rng)}.zip"
    with zipfile.ZipFile(paths["zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(documents.iterdir()) + sorted(folders["Photos"].iterdir())[:3]:
            archive.write(path, rng.choice(("", "archive/")) + path.name)
        for _ in range(rng.choice((0, 12, 40))):
            name = f"{rng.choice(_FIRST)}/{name_of(rng)}.{rng.choice(('txt', 'csv', 'py', 'html', 'dat'))}"
            archive.writestr(name, text_of(rng, rng.randint(1, 9)))
    notebook = documents / "Notebook"
    notebook.mkdir()
    _written(notebook / "notebook.zim", "[Notebook]\nversion=0.4\nname=Notebook\nhome=Home\n")
    for name in ("Home", *rng.sample(_FIRST, 6)):
        head = "Content-Type: text/x-zim-wiki\nWiki-Format: zim 0.6\n\n"
        _written(notebook / f"{name.title()}.txt", f"{head}====== {name.title()} ======\n\n{text_of(rng, 3)}")
    paths["notebook"] = notebook
    paths |= write_documents(folders["Documents"], folders["Music"], rng)
    return {name: str(path) for name, path in paths.items()}


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _write_sound(path: Path, rng: random.Random) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", rng.randint(-900, 900)) for _ in range(8000)))
