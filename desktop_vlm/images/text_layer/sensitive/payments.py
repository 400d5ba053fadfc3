"""Payment cards and bank accounts: numbers that prove themselves by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_vlm.images.text_layer.sensitive.confusions import LIKE_DIGITS, TO_DIGITS, has_years
from desktop_vlm.images.text_layer.sensitive.kinds import Passage, Ranges, kind

# IBANs (ISO 13616)

_LENGTHS = dict(
    re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AE23AL28AO25AT20AZ28BA20BE16BF28BG22BH22BI27BJ28BR29BY28CF27CG27CH21CI28CM27CR22CV25CY28CZ24DE22DJ27DK18"
        "DO28DZ26EE20EG29ES24FI18FK18FO18FR27GA27GB22GE22GI23GL18GQ27GR27GT28GW25HN28HR21HU28IE22IL23IQ23IR26IS26IT27"
        "JO30KM27KW30KZ20LB28LC32LI21LT20LU20LV21LY25MA28MC27MD24ME22MG27MK19ML28MN20MR27MT31MU30MZ25NE28NI28NL18NO15"
        "OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SN28SO23ST25SV28TD27TG28TL23TN24TR26UA29VA22"
        "VG24XK20YE30",
    )
)
"""How many characters an IBAN has in its country: the registry's, and those in use without being in it."""

_IBAN_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2} ?[0-9OoQDlISsBZz]{2}(?:[ \-\u2013.]?[A-Za-z0-9|]){11,32}")
_FEW = str.maketrans("ol|", "011")
_SOME = str.maketrans("OQIol|", "001011")
_GROUPS_OF_4 = re.compile(r"[A-Z]{2}[0-9A-Za-z]{2}(?:[ -]?[A-Z0-9Iol|]{4})+(?:[ -]?[A-Z0-9ol|]{1,3})?")


@kind("iban", "Bank account (IBAN)", "bank accounts (IBAN)")
def _ibans(passage: Passage) -> Ranges:
    at = 0
    while found := _IBAN_RUN.search(passage.text, at):
        at = found.start() + 2
        end = _iban_end(passage.text, found.start(), found.end())
        if end:
            yield found.start(), end
            at = end


def _iban_end(text: str, start: int, most: int) -> int:
    """Where an IBAN that begins at `start` ends; 0 where there is none."""
    country = text[start : start + 2].upper()
    places = [at for at in range(start, most) if text[at].isalnum() or text[at] == "|"]
    length = int(_LENGTHS.get(country, 0))
    lengths = [length] if length else range(len(places), 14, -1)
    for count in lengths:
        if count > len(places):
            continue
        end = places[count - 1] + 1
        if re.match(r"\w|-\w", text[end:]) or not _is_written_as_one(text[start:end], is_known=bool(length)):
            continue
        written = [text[at] for at in places[:count]]
        n_digits = sum(char.isdigit() for char in written)
        if n_digits < 0.4 * count or not any(char.isdigit() for char in written[2:4]):
            continue
        if any(_has_remainder_1(reading) for reading in _readings("".join(written))):
            return end
    return 0


def _is_written_as_one(written: str, *, is_known: bool) -> bool:
    """In capitals and groups of four; of countries that have IBANs, in small letters or other groups, too."""
    if is_known and (written[:2].isupper() or " " in written):
        return True
    return bool(_GROUPS_OF_4.fullmatch(written))


def _readings(written: str) -> Iterator[str]:
    """What was read, and what may have been meant."""
    head = written[:2].upper() + written[2:4].translate(TO_DIGITS)
    yield head + written[4:].upper()
    yield head + written[4:].translate(_FEW).upper()
    yield head + written[4:].translate(_SOME).upper()
    groups = [written[at : at + 4] for at in range(4, len(written), 4)]
    yield head + "".join(one.translate(TO_DIGITS) if sum(map(str.isdigit, one)) > 1 else one for one in groups).upper()
    yield head + written[4:].translate(TO_DIGITS).upper()


def _has_remainder_1(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    if not turned.isascii() or not turned.isalnum():
        return False
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


# Payment cards (ISO/IEC 7812)

_CARD_RUN = re.compile(
    rf"(?<![A-Za-z0-9])(?<!\d[.,:/])[0-9{LIKE_DIGITS}](?:(?: | ?[\-\u2010-\u2013.] ?)?[0-9{LIKE_DIGITS}]){{11,30}}"
    rf"(?![A-Za-z0-9]|[.,]\d|-\w)"
)
_GROUP = re.compile(rf"[0-9{LIKE_DIGITS}]+")
_ISSUERS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|220[0-4]"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"6011|64[4-9]|65|62|35(?:2[89]|[3-8]\d)|60|81|50|5[6-8]|6[37]"), (16, 17, 18, 19)),
    (re.compile(r"30[0-5]|309|36|3[89]"), (14, 16)),
)
"""First digits of the networks' numbers, and how long these are."""

_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1), (4, 4, 5), (6, 13), (8, 8), (4, 12)}
_CARD_WORDS = re.compile(
    r"card|visa|master|amex|american express|credit|debit|kredit|karte|carte|carta|tarjeta|maestro|\bpan\b|kaart|"
    r"cart\u00e3o|diners|discover|\u5361"
)


@kind("card", "Payment card", "payment cards")
def _cards(passage: Passage) -> Ranges:
    for run in _CARD_RUN.finditer(passage.text):
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in _GROUP.finditer(run.group())]
        yield from _cards_of(passage, groups)


def _cards_of(passage: Passage, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Groups that follow each other and make a number; those that all of the run makes may be of any size."""
    first = 0
    while first < len(groups):
        for last in range(len(groups), first, -1):
            start, end = groups[first][0], groups[last - 1][1]
            shape = tuple(there - here for here, there in groups[first:last])
            is_all = first == 0 and last == len(groups)
            if (is_all or len(shape) == 1 or shape in _SHAPES) and _is_card(passage, start, end):
                yield start, end
                first = last - 1
                break
        first += 1


def _is_card(passage: Passage, start: int, end: int) -> bool:
    written = [char for char in passage.text[start:end] if char in LIKE_DIGITS or char.isdigit()]
    number = "".join(written).translate(TO_DIGITS)
    if 4 * sum(char.isdigit() for char in written) < 3 * len(written) or len(set(number)) < 2:
        return False
    if not any(pattern.match(number) and len(number) in lengths for pattern, lengths in _ISSUERS):
        return False
    # A tenth of all numbers pass the check: short ones, as on goods, and rows of years count only where that is said.
    is_plain = (len(number) < 15 or has_years(passage.text[start:end])) and not _CARD_WORDS.search(
        passage.lead(start, 48)
    )
    return not is_plain and _luhn(number)


def _luhn(number: str) -> bool:
    doubled = [int(char) * (2 if place % 2 else 1) for place, char in enumerate(reversed(number))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0
