"""Private text that is found, and what only looks like it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.sensitive import KINDS, Finding, Span, find, find_words
from desktop_vlm.images.text_layer.sensitive.kinds import kind

CHAR = 10.0
HEIGHT = 20.0


def line(text: str, top: float = 0.0, left: float = 0.0) -> TextLine:
    """Every character ten pixels wide, words apart by one blank."""
    words, at = [], 0
    for part in text.split(" "):
        words.append(Word(part, Box(left + at * CHAR, top, left + (at + len(part)) * CHAR, top + HEIGHT)))
        at += len(part) + 1
    return TextLine(text, Box(left, top, left + len(text) * CHAR, top + HEIGHT), tuple(words), 0.99)


def layer(*texts: str) -> TextLayer:
    return TextLayer(2000, 1000, tuple(line(text, 30.0 * number) for number, text in enumerate(texts)), (0,))


def found(*texts: str, words: Sequence[str] = ()) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in find(layer(*texts), words)]


JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV"


@pytest.mark.parametrize(
    ("text", "kind_", "private"),
    [
        ("Write to anna.smith@example.com.", "email", "anna.smith@example.com"),
        ("an Jörg.Müller+x@büro-example.de!", "email", "Jörg.Müller+x@büro-example.de"),
        ("john @example. com wrote", "email", "john @example. com"),
        ("anna\u00a9example.org", "email", "anna\u00a9example.org"),
        ("anna [at] example [dot] org", "email", "anna [at] example [dot] org"),
        ("联系anna@example.com谢谢", "email", "anna@example.com"),
        ("Call +1 (415) 555-0132 now", "phone", "+1 (415) 555-0132"),
        ("+44 (0)20 7946 0958", "phone", "+44 (0)20 7946 0958"),
        ("(030) 123-456", "phone", "(030) 123-456"),
        ("0151/23456789", "phone", "0151/23456789"),
        ("01 23 45 67 89", "phone", "01 23 45 67 89"),
        ("415.555.0132", "phone", "415.555.0132"),
        ("(11) 98765-4321", "phone", "(11) 98765-4321"),
        ("电话13812345678", "phone", "13812345678"),
        ("+44 20 2011 2265", "phone", "+44 20 2011 2265"),
        ("Tel: 612 345 678", "phone", "612 345 678"),
        ("Phone number: 5550199", "phone", "5550199"),
        ("+49 3O 123l567", "phone", "+49 3O 123l567"),
        ("4111 1111 1111 1111 12/27 123", "card", "4111 1111 1111 1111"),
        ("3782-822463-10005", "card", "3782-822463-10005"),
        ("Card:5500005555555559", "card", "5500005555555559"),
        ("4I11 l111 1111 1111", "card", "4I11 l111 1111 1111"),
        ("41 11 1111 1111 11 11", "card", "41 11 1111 1111 11 11"),
        ("DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
        ("pay GB82WEST12345698765432 soon", "iban", "GB82WEST12345698765432"),
        ("DE89 37O4 0044 O532 0130 00", "iban", "DE89 37O4 0044 O532 0130 00"),
        ("BG80 BNBG 9661 1O20 34S6 78", "iban", "BG80 BNBG 9661 1O20 34S6 78"),
        ("FR1420041010050500013M02606", "iban", "FR1420041010050500013M02606"),
        ("BE68 5390 0754 7034", "iban", "BE68 5390 0754 7034"),
        ("MT84MALT011000012345MTLCAST001S", "iban", "MT84MALT011000012345MTLCAST001S"),
        ("AKIAIOSFODNN7EXAMPL8", "secret", "AKIAIOSFODNN7EXAMPL8"),
        ("key: sk-ant-api03-a1B2c3D4e5F6g7H8i9J0", "secret", "sk-ant-api03-a1B2c3D4e5F6g7H8i9J0"),
        ('"api_key": "0f3a9c81b2d44e0f8a7b6c5d4e3f2a1b"', "secret", "0f3a9c81b2d44e0f8a7b6c5d4e3f2a1b"),
        ("Authorization: Bearer abc123DEF456ghi789JKL", "secret", "abc123DEF456ghi789JKL"),
        ("Passwort: Sommer2024!", "secret", "Sommer2024!"),
        (f"token={JWT}", "jwt", JWT),
        ("192.168.l.lO", "ip", "192.168.l.lO"),
        ("ping 203.0.113.7", "ip", "203.0.113.7"),
        ("10.0.0.12:8080", "ip", "10.0.0.12"),
        ("addr fe80::1ff:fe23:4567:890a up", "ip", "fe80::1ff:fe23:4567:890a"),
        ("00:1A:2B:3C:4D:5E", "mac", "00:1A:2B:3C:4D:5E"),
        ("00-1a-2b-3c-4d-5e", "mac", "00-1a-2b-3c-4d-5e"),
        ("001a.2b3c.4d5e", "mac", "001a.2b3c.4d5e"),
        ("psql postgres://me:s3cr3t@db.example.com/app", "link", "postgres://me:s3cr3t@db.example.com/app"),
        (
            "https://a.example/x?access_token=Zm9vYmFyMTIzNDU2",
            "link",
            "https://a.example/x?access_token=Zm9vYmFyMTIzNDU2",
        ),
    ],
)
def test_private_text_is_found(text: str, kind_: str, private: str) -> None:
    assert found("First an ordinary line.", text) == [(kind_, private)]


@pytest.mark.parametrize(
    "text",
    [
        "icon@2x.png git@github.com:team/x.git react@18.2.0 @user user@host getty@tty1.service",
        "2024-01-02 10:15:30 01.02.2024 10:15 12/31/2023 EUR 1.234.567,89 $1,234.56",
        "Order 112-1234567-1234567 Invoice 0815-123456 ISBN 978-3-16-148410-0",
        "EAN 4006381333931 1234567890123456 4111 1111 1111 1112",
        "2221 2022 2023 2024 and 4000 2019 2018 2017",
        "population 8 123 456 789 and 1 234 567 items 100 000 000",
        "version 1.2.3.4 Chrome 120.0.6099.109 Windows 10.0.19041.1 v2.1.0.4",
        "1.2.3.4 Introduction 127.0.0.1 0.0.0.0 255.255.255.0",
        "std::vector x[1::2] ::1 10:15:30 dead::beef call::",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b 550e8400-e29b-41d4-a716-446655440000",
        "Password: required API key: YOUR_API_KEY_HERE secret: xxxxxxxxxxxxxxxx token: string",
        "const token = await getToken(); let password = form.password.value;",
        "in 16 bits come back bit for bit, whose format is not built in",
        "Boston, MA 02110-1301, USA",
        "DE89 3704 0044 0532 0130 01",
        "FF FE 00 01 10 13 11 18 ab cd",
        "24112415-6146-4024-a0c3-0123456789ab",
        "http://example.com:8080/@someone?page=3",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_long_token_is_followed_over_its_lines() -> None:
    findings = find(layer(f"token {JWT[:60]}", JWT[60:], "An ordinary line."))
    assert [one.spans for one in findings] == [(Span(0, 6, 66), Span(1, 0, len(JWT) - 60))]
    assert findings[0].boxes == (Box(60, 0, 660, 20), Box(0, 30, CHAR * (len(JWT) - 60), 50))


def test_a_private_key_is_hidden_to_its_end() -> None:
    lines = (
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEpAIBAAKCAQEA7bq1",
        "c2VjcmV0c2VjcmV0",
        "-----END RSA PRIVATE KEY-----",
    )
    findings = find(layer("cat key.pem", *lines, "done here"))
    assert [(one.kind, one.text) for one in findings] == [("private-key", "\n".join(lines))]


def test_a_label_beside_or_above_says_what_a_number_is() -> None:
    form = TextLayer(
        2000, 500, (line("Phone", 0), line("612345678", 0, 200), line("Size", 90), line("612345678", 90, 200))
    )
    assert [one.spans for one in find(form)] == [(Span(1, 0, 9),)]
    assert found("API key", "a8Kd93jfkLq02mZx") == [("secret", "a8Kd93jfkLq02mZx")]
    assert found("Size", "a8Kd93jfkLq02mZx") == []


def test_columns_do_not_make_one_number() -> None:
    parts = [line(text, 0, left) for text, left in (("4111", 0), ("1111", 300), ("1111", 600), ("1111", 900))]
    words = tuple(word for part in parts for word in part.words)
    row = TextLine("4111 1111 1111 1111", Box(0, 0, 940, 20), words, 0.9)
    assert find(TextLayer(1000, 50, (row,))) == ()
    near = replace(row, words=line(row.text).words)
    assert [one.kind for one in find(TextLayer(1000, 50, (near,)))] == ["card"]


def test_boxes_cover_whole_words_and_parts_of_very_long_ones() -> None:
    assert find(layer("Mail: <bob@example.com>,"))[0].boxes == (Box(60, 0, 240, 20),)
    text = '{"id":12,"name":"someone","mail":"bob@example.com","rows":[1,2,3,4,5,6],"more":true,"less":false}'
    start = text.index("bob@")
    (box,) = find(layer(text))[0].boxes
    assert start * CHAR - 60 < box.left <= start * CHAR
    assert (start + 15) * CHAR <= box.right < (start + 15) * CHAR + 100


def test_named_words_are_found_in_any_case_and_as_whole_words() -> None:
    texts = ("Project Falcon, FALCON-2 and falconry", "by Ann and Hannah of New", "York")
    assert found(*texts, words=["falcon", "ann", "new york", " "]) == [
        ("word", "Falcon"),
        ("word", "FALCON"),
        ("word", "Ann"),
        ("word", "New\nYork"),
    ]
    misread = layer("With Bi11 Mil1er, bob@example.com")
    assert [(one.kind, one.text) for one in find_words(misread, ["bill", "Miller"])] == [
        ("word", "Bi11"),
        ("word", "Mil1er"),
    ]


def test_of_two_that_overlap_the_longer_counts() -> None:
    assert found("ssh://bob:pw123456@example.com/x bob@example.com") == [
        ("link", "ssh://bob:pw123456@example.com/x"),
        ("email", "bob@example.com"),
    ]


def test_what_a_code_holds_is_hidden_with_the_code() -> None:
    box = Box(5, 5, 105, 105)
    codes = tuple(
        Code("QR Code", text, box)
        for text in ("https://example.com", "WIFI:T:WPA;S:Home;P:correcthorse;;", "mailto:bob@example.com")
    )
    assert find(TextLayer(200, 200, codes=codes)) == (
        Finding("secret", "WIFI:T:WPA;S:Home;P:correcthorse;;", (), (box,)),
        Finding("email", "mailto:bob@example.com", (), (box,)),
    )


def test_a_new_kind_is_one_declaration() -> None:
    @kind("badge", "Badge", "badges")
    def _badges(passage):  # type: ignore[no-untyped-def]
        at = passage.text.find("BADGE-")
        if at >= 0:
            yield at, at + 10

    try:
        assert found("see BADGE-1234 here") == [("badge", "BADGE-1234")]
    finally:
        del KINDS["badge"]


@pytest.mark.parametrize(
    "part",
    ["secret ", "-", "1", "1 ", "api_key_", "a.", "@ a. ", "http://a?b=c&", "l1O0 ", "eyJ", "AKIA ", "x://a:", "(1"],
)
def test_no_line_takes_long(part: str) -> None:
    line_ = part * (10_000 // len(part))
    started = time.thread_time()
    find(layer(line_))
    assert time.thread_time() - started < 2  # 0.1 to 0.5 s; what grows with the square takes ten times that


def test_all_of_a_long_line_is_looked_at() -> None:
    assert found("word " * 900 + "bob@example.com" + " word" * 900) == [("email", "bob@example.com")]


def test_nothing_is_found_where_nothing_is_read() -> None:
    assert find(TextLayer(10, 10)) == ()
    assert find(layer(""), ["", "x"]) == ()
