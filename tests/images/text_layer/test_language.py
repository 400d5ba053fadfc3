"""The language of a text, by its script and its small words."""

# ruff: noqa: RUF001 - other scripts look like Latin
from __future__ import annotations

import pytest

from desktop_vlm.images.text_layer.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The file could not be opened because it is empty", "en"),
        ("Die Datei ist leer und wurde nicht geöffnet", "de"),
        ("Le fichier est vide et n'a pas été ouvert", "fr"),
        ("El archivo no se pudo abrir por estar vacío", "es"),
        ("Il file non si apre perché è vuoto", "it"),
        ("O arquivo não foi aberto porque é um atalho para uma pasta", "pt"),
        ("Het bestand is niet geopend door een fout", "nl"),
        ("Nie można otworzyć pliku, ponieważ jest pusty", "pl"),
        ("Filen är tom och kan inte öppnas", "sv"),
        ("无法打开文件", "zh"),
        ("ファイルを開けません", "ja"),
        ("파일을 열 수 없습니다", "ko"),
        ("Не удалось открыть файл", "und-Cyrl"),
        ("Δεν ήταν δυνατό", "el"),
        ("打开 README 文件，然后运行 install", "zh"),
        ("Open the folder 文件 and the list of files", "en"),
        ("x = f(1)", ""),
        ("OK", ""),
        ("12:30", ""),
        ("", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of([text]) == language
