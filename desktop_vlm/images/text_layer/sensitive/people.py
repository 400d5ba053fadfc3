"""How people are reached: e-mail addresses and phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_vlm.images.text_layer.sensitive.confusions import has_years
from desktop_vlm.images.text_layer.sensitive.kinds import Passage, Ranges, kind

_LETTER = "A-Za-z0-9\u00c0-\u024f"
"""Of words with Latin letters; those of other scripts may stand right beside an address or a number."""

# E-mail addresses

_FILES = {
    *("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "pdf", "txt", "md", "js", "mjs", "ts", "tsx", "jsx"),
    *("py", "css", "scss", "html", "json", "yaml", "yml", "toml", "xml", "zip", "gz", "tgz", "rs", "go", "service"),
    *("timer", "socket", "target", "scope", "slice", "mount", "conf", "log"),
}
"""What follows an @ in the name of a file (`icon@2x.png`) or of a systemd unit (`getty@tty1.service`)."""

_COMMON = "com|org|net|edu|gov|info|io|dev|eu|de|at|ch|fr|uk|es|it|nl|be|pl|se|no|dk|fi|pt|cz|us|ca|au|jp|cn|in|br|ru"

_LOCAL = rf"(?<![{_LETTER}._%+-])[{_LETTER}_][{_LETTER}._%+-]{{0,63}}"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
_DOMAIN = rf"(?:{_LABEL}\.)+(?P<top>[A-Za-z\u00c0-\u024f]{{2,24}}|xn--[a-z0-9-]+)"
_EMAILS = (
    re.compile(rf"{_LOCAL}[@\u00a9\u00ae]{_DOMAIN}(?![{_LETTER}]|-[{_LETTER}])"),
    # With blanks that OCR put in, only where the end is a usual one.
    re.compile(rf"{_LOCAL} ?@ ?(?:{_LABEL} ?\. ?)+(?P<top>{_COMMON})(?![{_LETTER}-])"),
    # Written so that programs do not find it.
    re.compile(
        rf"{_LOCAL} ?[\[({{<] ?(?:at|AT) ?[\])}}>] ?{_LABEL}"
        rf"(?:(?: ?[\[({{<] ?(?:dot|DOT|punkt) ?[\])}}>] ?|\.){_LABEL})*"
        rf"(?: ?[\[({{<] ?(?:dot|DOT|punkt) ?[\])}}>] ?|\.)(?P<top>[A-Za-z]{{2,24}})(?![{_LETTER}])"
    ),
)


@kind("email", "E-mail address", "e-mail addresses")
def _emails(passage: Passage) -> Ranges:
    for pattern in _EMAILS:
        for found in pattern.finditer(passage.text):
            is_address_of_code = found.group().lower().startswith("git@")  # git@example.com:team/project.git
            if found.group("top").lower() not in _FILES and not is_address_of_code:
                yield found.span()


# Phone numbers

_PHONE_WORDS = re.compile(
    r"(?:\b(?:tel(?:[e\u00e9]fono?|[e\u00e9]phone|efone?|efon|\.)?|phone|telephone|mobile?|mobil|cell(?:phone)?|handy|"
    r"fax|telefax|call(?: us)?(?: at| on)?|sms|text|whatsapp|signal|hotline|m\u00f3vil|celular|cellulare|portable|"
    r"rufnummer|durchwahl|contact|contacto|kontakt|telefoonnummer|puhelin|gsm)\b|[\u260e\u260f\u2706\U0001f4de\U0001f4f1]|"
    r"\u7535\u8bdd|\u624b\u673a|\u96fb\u8a71|\u643a\u5e2f|\uc804\ud654|\u0442\u0435\u043b|(?:^|\s)[tmpf](?=\s?:))"
    r"(?:[ _-]?(?:number|no\.?|nr\.?|nummer|num\.?|#))?\W{0,4}(?:\(\w+\)\W{0,3})?$"
)
"""At the end of what stands before a number."""

_OTHER_WORDS = re.compile(
    r"(?:\b(?:order|invoice|ref(?:erence)?|id|isbn|issn|ean|upc|sku|serial|version|ver|build|account|acct|ticket|case|"
    r"article|item|part|model|rechnung|bestell\w*|auftrag\w*|artikel\w*|kunden\w*|beleg\w*|commande|facture|pedido|"
    r"factura|customer|tracking|policy|bug|issue|iso|din|rfc|imei|vin|lot|batch|seed|port|pid|uid|tax|vat|steuer\w*|"
    r"ust\w*|iban|konto\w*|blz|kto|page|seite|code|time|date|doi|job|run|task|product|produkt\w*|step|epoch|zip|plz)"
    r"(?:[ _-]?(?:number|no|nr|nummer|num|id|code))?\b|#|\bn[ro][.:]|\u2116)[^\w\d]{0,4}$"
)

_PART = r"(?:(?: ?[./\-\u2010-\u2013\u00b7] ?| |(?=\()|(?<=\)))\(?\d{1,8}\)?)"
_BEGIN = rf"(?<![{_LETTER}_])(?<![{_LETTER}][.,:/=-])(?<![$\u20ac\u00a3\u00a5#])"
_END = rf"(?![{_LETTER}_]|[.,:/-]?\d| ?[%\u20ac$\u00a3\u00b0])"

_INTERNATIONAL = re.compile(rf"{_BEGIN}(?:\+ ?(?=\(?[1-9])|(?<!\d[ -])00(?=[1-9]))\(?\d{{1,15}}\)?{_PART}{{0,9}}{_END}")
_NATIONAL = (
    # North America: (415) 555-0132, 415-555-0132, 1-800-555-0199
    re.compile(
        rf"{_BEGIN}(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d(?P<s>[ .-]))[2-9]\d\d(?(s)(?P=s)|[ .-])\d{{4}}{_END}"
    ),
    # France and Belgium: 01 23 45 67 89
    re.compile(
        rf"{_BEGIN}(?<![0-9A-Fa-f]{{2}} [0-9A-Fa-f]{{2}} )0[1-9](?:(?P<s>[ .-])\d\d)(?:(?P=s)\d\d){{3}}"
        rf"(?! [0-9A-Fa-f]{{2}}\b){_END}"
    ),
    # Area code with its 0: 030 1234567, (030) 123-456, 020 7946 0958, 0151/23456789, 03-1234-5678
    re.compile(rf"{_BEGIN}\(0[1-9]\d{{0,4}}\) ?\d{{2,5}}(?:[ -]?\d{{2,5}}){{1,3}}{_END}"),
    re.compile(rf"{_BEGIN}(?<!\d[ -])0[1-9]\d{{0,4}} ?[ /-] ?\d{{3,8}}(?:[ -]\d{{2,5}}){{0,3}}{_END}"),
    # Brazil and others: (11) 98765-4321
    re.compile(rf"{_BEGIN}\((?!19|20)[1-9]\d{{1,3}}\) ?\d{{4,5}}[- ]\d{{4}}{_END}"),
    # China: 138 1234 5678
    re.compile(rf"{_BEGIN}1[3-9]\d(?P<s>[ -])\d{{4}}(?P=s)\d{{4}}{_END}"),
)
_AFTER_A_WORD = re.compile(rf"{_BEGIN}\(?\+?\d{{1,15}}\)?{_PART}{{0,7}}{_END}")
_DATE = re.compile(r"(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d)(?!\d)")
_POSTCODE = re.compile(r"\d{5}-\d{4}")
_THOUSANDS = re.compile(r"\+? ?[1-9]\d{0,2}(?:[. ]\d{3})+")


@kind("phone", "Phone number", "phone numbers")
def _phones(passage: Passage) -> Ranges:
    for found in _INTERNATIONAL.finditer(passage.digits):
        yield from _phone(passage, found, at_least=8, needs_word=found.group().startswith("00") and _is_solid(found))
    for pattern in _NATIONAL:
        for found in pattern.finditer(passage.digits):
            yield from _phone(passage, found, at_least=8)
    for found in _AFTER_A_WORD.finditer(passage.digits):
        yield from _phone(passage, found, at_least=6, needs_word=True)


def _is_solid(found: re.Match[str]) -> bool:
    return found.group().strip("+( ").isdigit()


def _phone(
    passage: Passage, found: re.Match[str], *, at_least: int, needs_word: bool = False
) -> Iterator[tuple[int, int]]:
    """The number, or as many of its groups as a phone number may have."""
    start, end = found.span()
    text = passage.digits
    start += len(text[start:end]) - len(text[start:end].lstrip())
    while sum(char.isdigit() for char in text[start:end]) > 15:  # another number follows
        cut = max(text.rfind(" ", start, end), text.rfind("/", start, end))
        if cut < 0:
            return
        end = cut
    written = text[start:end].rstrip(" /.-\u2010\u2011\u2012\u2013\u00b7")
    lead = passage.lead(start)
    is_phone = bool(_PHONE_WORDS.search(lead))
    if needs_word and not is_phone:
        return
    if not is_phone and (_OTHER_WORDS.search(lead) or _is_other(written)):
        return
    if at_least <= sum(char.isdigit() for char in written) and not _DATE.match(written) and _digits_differ(written):
        yield start, start + len(written)


def _is_other(written: str) -> bool:
    """Whether it rather is a date, a post code, years, or a number with its thousands apart."""
    if _THOUSANDS.fullmatch(written):
        return True
    is_date = _POSTCODE.fullmatch(written) or has_years(written) or _DATE.search(written)
    return bool(is_date) and not written.startswith("+")


def _digits_differ(written: str) -> bool:
    """No line of zeros that stands for nothing."""
    return len({char for char in written if char.isdigit()}) > 2
