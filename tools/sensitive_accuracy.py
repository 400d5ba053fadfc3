"""How well private text is found: recall and precision on pages that are made for it.

    python -m tools.sensitive_accuracy            # the table of docs/text-layer.md
    python -m tools.sensitive_accuracy --seed 7   # the same with other pages
    python -m tools.sensitive_accuracy --files docs/*.md README.md   # what is found in ordinary files

Each page is ordinary text with one private text in it; a third of these are damaged as OCR damages them (0/O, 1/l,
blanks inside). As many pages hold numbers and names that look private and are not: dates, prices, versions, numbers of
orders, hashes, code.
"""

from __future__ import annotations

import argparse
import base64
import random
import string
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.sensitive import find
from desktop_vlm.images.text_layer.sensitive.payments import _LENGTHS

SEED = 77
"""Not one of those that the rules were written with."""
PAGES = 120
"""For each kind, and as many ordinary ones for each."""


@dataclass
class Score:
    """What was found of what was there."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    extra: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        return self.found[kind] / self.planted[kind]

    @property
    def overall(self) -> tuple[float, float]:
        """Recall and precision of all kinds together."""
        found = self.found.total()
        return found / self.planted.total(), found / (found + len(self.extra))


def page(lines: list[str]) -> TextLayer:
    """A layer with these lines one below the other."""
    made = []
    for number, text in enumerate(lines):
        words, at = [], 0
        for part in text.split(" "):
            words.append(Word(part, Box(at * 9.0, number * 24.0, (at + len(part)) * 9.0, number * 24.0 + 16)))
            at += len(part) + 1
        made.append(TextLine(text, Box(0, number * 24.0, len(text) * 9.0, number * 24.0 + 16), tuple(words), 0.98))
    return TextLayer(2000, 24 * len(lines), tuple(made), (0,))


# What is private


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _token(rng: random.Random, count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


def email(rng: random.Random) -> str:
    """An address; the domains are reserved for examples or made up."""
    name = rng.choice(["anna", "j.smith", "m_weber", "li.wei88", "sales+eu", "o'neil".replace("'", ""), "x.y.z"])
    host = rng.choice(
        ["example.com", "mail.example.org", "acme-corp.co.uk", "firma.example.de", "studio.dev", "uni.edu"]
    )
    return f"{name}@{host}"


def phone(rng: random.Random) -> str:
    """A number as people of several countries write it."""

    def d(count: int) -> str:
        return _digits(rng, count)

    def e() -> str:
        return rng.choice("23456789")

    return rng.choice(
        [
            f"+1 ({e()}{d(2)}) {e()}{d(2)}-{d(4)}",
            f"({e()}{d(2)}) {e()}{d(2)}-{d(4)}",
            f"{e()}{d(2)}-{e()}{d(2)}-{d(4)}",
            f"+49 {e()}{d(2)} {d(7)}",
            f"0{e()}{d(1)} {d(7)}",
            f"+44 20 {d(4)} {d(4)}",
            f"020 7{d(3)} {d(4)}",
            f"+33 6 {d(2)} {d(2)} {d(2)} {d(2)}",
            f"06 {d(2)} {d(2)} {d(2)} {d(2)}",
            f"+91 9{d(4)} {d(5)}",
            f"+81-3-{d(4)}-{d(4)}",
            f"Tel. 6{d(2)} {d(3)} {d(3)}",
            f"Mobile: {e()}{d(8)}",
            f"0041 44 {d(3)} {d(2)} {d(2)}",
        ]
    )


def card(rng: random.Random) -> str:
    """A number of a network's length that passes the check."""
    start, length = rng.choice(
        [("4", 16), ("5" + rng.choice("12345"), 16), ("37", 15), ("6011", 16), ("2221", 16), ("35", 16)]
    )
    if start == "35":
        start = "3530"
    body = start + _digits(rng, length - len(start) - 1)
    number = next(body + str(n) for n in range(10) if _luhn(body + str(n)))
    sep = rng.choice([" ", " ", "-", ""])
    cuts = (4, 10, 15) if length == 15 else (4, 8, 12, 16)
    return sep.join(number[start:end] for start, end in zip((0, *cuts[:-1]), cuts, strict=True))


def _luhn(number: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (1 + place % 2)
        total += digit // 10 + digit % 10
    return total % 10 == 0


def iban(rng: random.Random) -> str:
    """An account of any country, its check digits right."""
    country, length = rng.choice(sorted(_LENGTHS.items()))
    bank = _token(rng, 4, string.ascii_uppercase) if country in ("GB", "IE", "NL", "MT", "BG", "RO", "LV") else ""
    body = bank + _digits(rng, int(length) - 4 - len(bank))
    rest = int("".join(str(int(char, 36)) for char in f"{body}{country}00"))
    whole = f"{country}{98 - rest % 97:02d}{body}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4)) if rng.random() < 0.7 else whole


def secret(rng: random.Random) -> str:
    """A key with its service's beginning, or something after a word for it."""
    hexa = "0123456789abcdef"
    return rng.choice(
        [
            "AKIA" + _token(rng, 16, string.ascii_uppercase + string.digits),
            "ghp_" + _token(rng, 36),
            "github_pat_" + _token(rng, 60),
            "glpat-" + _token(rng, 20),
            "xoxb-" + _digits(rng, 12) + "-" + _token(rng, 24),
            "sk_live_" + _token(rng, 24),
            "sk-proj-" + _token(rng, 48),
            "AIza" + _token(rng, 35),
            "npm_" + _token(rng, 36),
            "hf_" + _token(rng, 34),
            "SG." + _token(rng, 22) + "." + _token(rng, 43),
            "api_key = " + _token(rng, 32, hexa),
            "client secret: " + _token(rng, 40),
            "Authorization: Bearer " + _token(rng, 40),
            "password: " + _token(rng, 6) + rng.choice("!?#") + _digits(rng, 2),
            "AWS_SECRET_ACCESS_KEY=" + _token(rng, 40, string.ascii_letters + string.digits + "/+"),
        ]
    )


def jwt(rng: random.Random) -> str:
    """Three parts, the first of which says what it is."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = (
        base64.urlsafe_b64encode(f'{{"sub":"{_digits(rng, 10)}","n":{_digits(rng, 5)}}}'.encode()).decode().rstrip("=")
    )
    return f"{head}.{body}.{_token(rng, 43)}"


def ip(rng: random.Random) -> str:
    """A host's address, of both versions."""
    if rng.random() < 0.3:
        groups = [f"{rng.randrange(1, 65536):x}" for _ in range(8)]
        return ":".join(groups) if rng.random() < 0.5 else f"2001:db8:{groups[0]}::{groups[1]}"
    start = rng.choice(["192.168.", "10.0.", "172.16.", "203.0.", f"{rng.randrange(32, 224)}.{rng.randrange(256)}."])
    return f"{start}{rng.randrange(256)}.{rng.randrange(1, 255)}"


def mac(rng: random.Random) -> str:
    """A network card's address."""
    return rng.choice(":-").join(f"{rng.randrange(256):02{rng.choice('xX')}}" for _ in range(6))


def link(rng: random.Random) -> str:
    """A link that lets in."""
    return rng.choice(
        [
            f"postgres://admin:{_token(rng, 8)}@db.example.com:5432/app",
            f"https://{_token(rng, 6)}:{_token(rng, 12)}@git.example.com/team/app.git",
            f"https://api.example.com/v1/items?access_token={_token(rng, 32)}",
            f"https://files.example.com/a.pdf?sig={_token(rng, 30)}&expires=1700000000",
        ]
    )


def private_key(rng: random.Random) -> str:
    """Four lines of a key's file."""
    lines = [_token(rng, 48, string.ascii_letters + string.digits + "+/") for _ in range(2)]
    kind = rng.choice(["RSA ", "EC ", "OPENSSH ", ""])
    return "\n".join([f"-----BEGIN {kind}PRIVATE KEY-----", *lines, f"-----END {kind}PRIVATE KEY-----"])


PRIVATE: dict[str, Callable[[random.Random], str]] = {
    "email": email,
    "phone": phone,
    "card": card,
    "iban": iban,
    "secret": secret,
    "jwt": jwt,
    "private-key": private_key,
    "ip": ip,
    "mac": mac,
    "link": link,
}
AROUND = ("{}", "Please use {} today.", "Contact: {}", "{} (new)", "value = {}", "- {},", "see {}; thank you")

# What is not


def ordinary(rng: random.Random) -> str:
    """A line of ordinary text, code or a table."""

    def d(count: int) -> str:
        return _digits(rng, count)

    def n(most: int) -> int:
        return rng.randrange(1, most)

    hexa = "0123456789abcdef"
    return rng.choice(
        [
            f"{2000 + n(30)}-{n(13):02d}-{n(29):02d} {n(24):02d}:{n(60):02d}:{n(60):02d},{d(3)} worker {d(5)} ready",
            f"{n(29):02d}.{n(13):02d}.{2000 + n(30)} {n(24):02d}:{n(60):02d}  EUR {n(99)}.{d(3)},{d(2)}",
            f"{n(13)}/{n(29)}/{2000 + n(30)}   ${n(9)},{d(3)}.{d(2)}   {n(100)} %",
            f"Order 1{d(2)}-{d(7)}-{d(7)} was sent with {d(12)}",
            f"Order number: {d(10)}  Invoice {2000 + n(30)}-{d(6)}",
            f"Rechnung Nr. {d(8)} vom {n(29):02d}.{n(13):02d}.{2000 + n(30)}",
            f"version {n(20)}.{n(20)}.{n(20)}.{n(20)} of the driver, build {d(5)}.{d(3)}",
            f"Chrome/{n(130)}.0.{n(7000)}.{n(200)} Safari/537.36",
            f"commit {_token(rng, 40, hexa)} by a machine, {n(60)} minutes ago",
            f"sha256:{_token(rng, 64, hexa)}",
            str(uuid.UUID(_token(rng, 32, hexa), version=4)),
            f"ISBN 978-3-16-{d(6)}-{d(1)}, {n(900)} pages, chapter {n(12)}.{n(12)}.{n(9)}",
            f"EAN 40{d(11)}   SKU {_token(rng, 8, string.ascii_uppercase)}-{d(4)}",
            f"Total {n(999)} {d(3)} {d(3)} of {n(999)} {d(3)} {d(3)} rows ({n(100)}.{d(2)} %)",
            f"{n(99)}.{d(4)} {n(99)}.{d(4)} {n(99)}.{d(4)} {n(99)}.{d(4)}",
            f"{d(4)}\u00a0\u00a0\u00a0{d(4)}   {2000 + n(30)} {2000 + n(30)} {2000 + n(30)}",
            f"lat {n(90)}.{d(6)}, lon {n(180)}.{d(6)}, height {n(3000)} m",
            f"def area(w: int = {n(99)}, h: int = {n(99)}) -> float: return w * h / {n(99)}.{d(3)}",
            "const token = await getToken(session); if (!password) throw new Error('password required')",
            "API key: YOUR_API_KEY  password: ********  token: <your token>",
            "std::vector<int> cafe::Bad::add(a, b[1::2]);  // see @param and user@host",
            f"npm i react@{n(19)}.{n(9)}.{n(9)} icon@2x.png && git clone git@host.example:team/app",
            f"127.0.0.1:{n(60000)} 0.0.0.0 255.255.255.0 localhost",
            f"The quick brown fox jumps over {n(12)} lazy dogs in {n(48)} hours.",
            f"Meeting at {n(12)}:{n(60):02d}, room {n(9)}.{n(40):02d}, {n(30)} people, agenda 1.2.3",
            f"Boston, MA 0{d(4)}-{d(4)}, USA",
            f"step {d(5)}/{d(6)}  loss 0.{d(4)}  lr {n(9)}.{d(2)}e-05  {n(900)} tokens/s",
            f"{n(99)} x {n(99)} x {n(99)} mm, {n(900)} g, article {d(6)}-{d(3)}",
            f"FF FE 00 {d(2)} {d(2)} " + " ".join(_token(rng, 2, hexa) for _ in range(4)),
            f"drwxr-xr-x {n(40)} root root {d(5)} Nov {n(29)} {n(24):02d}:{n(60):02d} lib64",
        ]
    )


# Damage

_DIGITS = ("phone", "card", "iban", "ip")
_SWAPS = {"0": "O", "1": "l", "5": "S", "8": "B"}


def damage(rng: random.Random, kind: str, text: str) -> str:
    """A text as OCR may give it back."""
    if kind in _DIGITS and ":" not in text:
        places = [
            at for at, char in enumerate(text) if char in ("01" if kind in ("phone", "ip") else _SWAPS) and at > 4
        ]
        if places and rng.random() < 0.6:
            at = rng.choice(places)
            return text[:at] + _SWAPS[text[at]] + text[at + 1 :]
        if kind in ("card", "iban") and " " in text:
            at = rng.randrange(6, len(text) - 2)
            return text[:at] + " " + text[at:] if " " not in text[at - 1 : at + 1] else text
    if kind == "email":
        return rng.choice([text.replace("@", " @"), text.replace("@", "@ "), text])
    return text


# Measuring


def pages(seed: int, count: int) -> Iterator[tuple[str, str, TextLayer]]:
    """Kind and text of what is private ("" for ordinary pages), and the page."""
    rng = random.Random(seed)
    for kind, make in PRIVATE.items():
        for number in range(count):
            text = make(rng)
            if number % 3 == 2:
                text = damage(rng, kind, text)
            lines = [ordinary(rng) for _ in range(6)]
            own = text.split("\n") if "\n" in text else [rng.choice(AROUND).format(text)]
            yield kind, text, page([*lines[:3], *own, *lines[3:]])
            yield "", "", page([ordinary(rng) for _ in range(8)])


def measure(seed: int = SEED, count: int = PAGES) -> Score:
    """All pages; a private text counts as found where all of it but the words before its value is."""
    score = Score()
    for kind, text, layer in pages(seed, count):
        findings = find(layer)
        if kind:
            score.planted[kind] += 1
        hit = False
        for one in findings:
            is_it = kind == one.kind and kind and _value(text).rstrip(".,;") in one.text
            hit = hit or bool(is_it)
            if not is_it:
                score.extra.append((one.kind, one.text))
        if hit:
            score.found[kind] += 1
        elif kind:
            score.missed.append((kind, text))
    return score


def _value(text: str) -> str:
    """Without the words that say what it is."""
    for start in (
        "api_key = ",
        "client secret: ",
        "Authorization: Bearer ",
        "password: ",
        "AWS_SECRET_ACCESS_KEY=",
        "Tel. ",
        "Mobile: ",
    ):
        text = text.removeprefix(start)
    return text


def look_into(files: list[Path]) -> None:
    """Print what is found in text files, read as pages of sixty lines."""
    found: list[str] = []
    n_lines = 0
    for path in files:
        lines = path.read_text("utf-8", "replace").splitlines()
        n_lines += len(lines)
        for first in range(0, len(lines), 60):
            found += [f"{path}: {one.kind}: {one.text}" for one in find(page(lines[first : first + 60]))]
    print(*found, f"{len(found)} in {n_lines} lines", sep="\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--show", action="store_true", help="what was missed, and what was found without being there")
    parser.add_argument("--files", nargs="+", type=Path, help="text files to look into instead")
    given = parser.parse_args()
    if given.files:
        look_into(given.files)
        return
    score = measure(given.seed, given.pages)
    print("| kind | pages | recall |")
    print("|---|---|---|")
    for kind in PRIVATE:
        print(f"| {kind} | {score.planted[kind]} | {score.recall(kind):.3f} |")
    recall, precision = score.overall
    print(f"| all | {score.planted.total()} | {recall:.3f} |")
    print(f"\nprecision {precision:.3f} ({len(score.extra)} of {score.found.total() + len(score.extra)} are wrong)")
    if given.show:
        for what in (score.missed, score.extra):
            print(*what, sep="\n")
            print()


if __name__ == "__main__":
    main()
