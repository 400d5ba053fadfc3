# ruff: noqa: RUF001 - texts of many scripts, some of whose letters look like others
"""Texts that every tokenizer must turn into the same tokens as the reference: more than 200 of them."""

from __future__ import annotations

import random

_PLAIN = (
    *("", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n ", "\n \n", "\t\t x", "a", " a", "a ", " a ", "  a  b"),
    *("Hello", "hello world", " Hello", "Hello, world!", "HELLO WORLD", "Hello\nworld", "Hello\r\nworld\r\n"),
    "The image shows a red cat and a blue dog on the table, next to the window of an old house.",
    "What is in this image? Describe the picture in detail.",
    "It's a test; isn't it? I'm sure you'd agree they're fine, we'll see what they've done.",
    "IT'S A TEST, ISN'T IT? I'M SURE YOU'D AGREE: WE'LL SEE 'S 'T 'RE",
    "'s 't 're 've 'm 'll 'd \u2019s \u2019t o'clock rock'n'roll 'tis",
    "trailing spaces   ",
    "   leading spaces",
    "a    b     c      d       e",
    "tab\tseparated\tvalues",
    "line one\nline two\n\nline four\n\n\n\nline eight",
    "mixed \n \t \r\n whitespace \u00a0 and \u2003 wide \u3000 ones \u200b zero",
    "\u0000\u0001\u001f\u007f",
    *("1", "12", "123", "1234", "12345", "123456789", "0.5", "3.14159", "1e-5", "1,299.99", "100%", "$5", "5$"),
    *("2024-11-22T03:54:00Z", "10:30", "1st 2nd 3rd", "v1.2.3-rc4", "0x1F600", "192.168.0.1", "a1b2c3", "007"),
    *("½ ² ³ ¼", "Ⅷ Ⅻ", "١٢٣٤", "१२३", "①②③", "１２３"),
    *("snake_case", "camelCase", "PascalCaseWords", "UPPER_CASE", "kebab-case", "dotted.name", "XMLHttpRequest"),
    *("iPhone", "McDonald", "aB", "Ab", "ABc", "abC", "aBcDeF", "ÉtéÀParis", "élanVital", "ПриветМир", "ΑβΓδ"),
    *("!", "!!", "...", "…", "?!", "---", "===", "/", "//", "/*", "*/", "<", ">", "<>", "()", "[]", "{}", "#", "@"),
    *("->", "=>", "!=", "==", "&&", "||", "::", "+=", "<<", ">>", "a/b", "a/\nb", "x)\n", "x);\n\n", ";\r\n"),
    "def f(x):\n    return x == 12\n\nclass A:\n\tpass\n",
    "import os, sys\nfor i in range(100): print(i)",
    "if (a && b) { return c->d[0]; } // comment\n",
    "SELECT * FROM users WHERE id = 42 AND name LIKE '%x%';",
    '{"key": "value", "list": [1, 2.5, null, true]}',
    "<html><body class=\"x\">&nbsp;</body></html>",
    "https://www.example.com/path/to/page?query=1&other=two#anchor",
    "user.name+tag@example-mail.co.uk",
    "C:\\Users\\name\\Documents\\file.txt",
    "/usr/local/bin/python3 -m pip install --upgrade package==1.0",
    "File \"main.py\", line 12, in <module>\nValueError: bad value",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "# Title\n\n* item\n  * sub item\n\n1. one\n2. two\n\n> quote\n\n```python\nx = 1\n```\n",
    "$\\frac{1}{2} \\sum_{i=0}^{n} x_i^2$",
    "Das Bild zeigt eine schöne Straße in Köln, Größe 12 m², außerdem Übungen.",
    "L'été est là, voilà un café près de l'hôtel; ça va? Où êtes-vous, cœur?",
    "El niño mañana está aquí; ¿qué? ¡Sí! Año, corazón, pingüino.",
    "Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Árvíztűrő tükörfúrógép", "Türkçe İstanbul ığdır", "Việt Nam ơi",
    "Привет, мир! Это картинка, кот и дом.", "Україна, їжак", "Γειά σου Κόσμε", "Ὀδυσσεύς", "Հայաստան", "საქართველო",
    "שלום עולם", "مرحبا بالعالم، هذه صورة", "فارسی زبان", "नमस्ते दुनिया", "হ্যালো বিশ্ব", "வணக்கம் உலகம்", "ภาษาไทยง่าย",
    "日本語のテキストと画像です。", "これはペンです", "カタカナ", "中文图片描述,请看。", "日本 中文字符,全角。",
    "한국어 텍스트", "안녕하세요 세계",
    *("😀", "😀😀 ok", "👩‍👩‍👧‍👦", "🇳🇱 🇯🇵", "👍🏽", "❤️", "☃", "→ ← ⇒", "€ £ ¥ ₹", "™ © ®", "°C", "µm", "∑ ∫ √", "♠♥♦♣"),
    *("é", "e\u0301", "café cafe\u0301", "n\u0303 ñ", "a\u030a å", "\u0301", "x\u0301\u0302y", "ﬁ ﬂ"),
    *("Ω Ω", "K K", "가 \u1100\u1161"),
    *("naïve résumé", "façade", "über", "Ångström", "œuvre", "ß ẞ", "ǅ ǆ Ǆ", "ı İ", "ʻokina", "word\u00adsoft"),
    *("▁", "▁▁", "▁a", "a▁b", " ▁", "Ġ", "Ġthe", "Ċ", "<0x0A>", "<0x41>", "<0xFF>"),
    "x" * 70, "ab" * 40, "=" * 33, " " * 17, "\n" * 9, "1" * 25, "é" * 20, "日" * 12,
)  # fmt: skip

_LOOK_ALIKES = (
    *("<s>", "</s>", "<unk>", "<pad>", "<image>", "a<image>b", "<image>\n", "< image>", "<image >", "<IMAGE>", "<imag"),
    *(
        "<s",
        "s>",
        "</",
        "</s",
        "<s>hello</s>",
        "USER: <image>\nWhat? ASSISTANT:",
        "[INST]",
        "[/INST]",
        "[INST] hi [/INST]",
    ),
    *("[IMG]", "[IMG_BREAK]", "[IMG_END]", "a[IMG]b", "[IMG", "IMG]", "[ IMG ]", "[img]", "[TOOL_CALLS]", "[SUFFIX]x"),
    *("<SPECIAL_20>", "<SPECIAL_999>", "<|im_start|>", "<|im_end|>", "<|im_start|>user\nhi<|im_end|>", "<|im_start"),
    *("im_end|>", "<| im_end |>", "<|endoftext|>", "<|vision_start|><|image_pad|><|vision_end|>", "<|image_pad|>"),
    *(
        "<|video_pad|>",
        "<tool_call>",
        "</tool_call>",
        "a<tool_call>b",
        "<|fim_prefix|>",
        "<|fim_suffix|>x",
        "<|eot_id|>",
    ),
    *("<|begin_of_text|>", "[PAD123]", "[PAD700]", "[unused5]", "<|not_a_token|>", "<<s>>", "[[INST]]", "<s><s>", "<|"),
)


def _random_texts(count: int) -> list[str]:
    """Mixtures of everything, the same on every platform."""
    rng = random.Random(5)
    letters = "abcdefgh ijklmnop qrstuvwxyz ABCDEFG HIJ  éàüñßøçž ПМи日本語 αβΩ नमस्ते e\u0301 "
    letters += "0123456789 .,;:!?'\"()-_/\n\t<>[]|😀"
    return ["".join(rng.choice(letters) for _ in range(rng.randint(3, 40))) for _ in range(count)]


STRINGS: tuple[str, ...] = (*dict.fromkeys((*_PLAIN, *_LOOK_ALIKES, *_random_texts(60))),)
