"""Where computers are reached: addresses of networks, and links that carry a password."""

from __future__ import annotations

import ipaddress
import re

from desktop_vlm.images.text_layer.sensitive.kinds import Passage, Ranges, kind

# Links with credentials

_WITH_PASSWORD = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}: ?/ ?/ ?(?P<user>[^\s/:@<>\"']{0,128}):(?P<password>[^\s/@<>\"']{1,256})"
    r" ?@ ?[^\s<>\"'\])}]+"
)
_WITH_KEY = re.compile(
    r"\bhttps?://[^\s<>\"']+?[?&#;](?:access_?token|auth(?:_?token|orization)?|api_?key|key|token|sig(?:nature)?|secret|"
    r"password|passwd|pwd|client_?secret|refresh_?token|id_?token|code|x-amz-signature|x-amz-credential|session(?:_?id)?|"
    r"jwt)=(?P<value>[^\s&<>\"']{12,})[^\s<>\"']*",
    re.IGNORECASE,
)
_HOOK = re.compile(
    r"\bhttps?://(?:hooks\.slack\.com/(?:services|workflows)|(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks|"
    r"[\w.-]+\.webhook\.office\.com/webhookb2)/[^\s<>\"']{20,}"
)
_STANDS_FOR = re.compile(r"[<{$*\u2022]|x{4,}|\.{3}|\u2026", re.IGNORECASE)
"""Where a value would stand in instructions and where it is hidden already."""


@kind("link", "Link with a password or key", "links with a password or key")
def _links(passage: Passage) -> Ranges:
    for found in _WITH_PASSWORD.finditer(passage.text):
        if not _STANDS_FOR.match(found.group("password")):
            yield found.span()
    for found in _WITH_KEY.finditer(passage.text):
        value = found.group("value")
        if not _STANDS_FOR.search(value) and any(char.isdigit() for char in value):
            yield found.span()
    for found in _HOOK.finditer(passage.text):
        yield found.span()


# Addresses of computers

_OCTETS = re.compile(
    r"(?<![A-Za-z0-9_])(?<!\d[.,])\d{1,3}(?: ?\. ?\d{1,3}){3}(?![A-Za-z0-9_]|\.\d)(?P<more>:\d{2,5}|/\d{1,2})?"
)
_NETWORK_WORDS = re.compile(
    r"\b(?:ip(?:v4|v6)?|inet6?|addr(?:ess)?|host|server|ping|dns|gateway|router|subnet|netmask|resolver|nameserver|"
    r"listen(?:ing)?|connect(?:ed|ing)?(?: to| from)?|ssh|remote|src|dst|proxy|peer|"
    r"adresse|direcci\u00f3n|bind)\b[^\w]{0,6}(?:\w+[ @]?)?[^\w]{0,3}$"
)
_VERSION_WORDS = re.compile(
    r"(?:\b(?:v|ver|version|release|build|firmware|update|upgrade|revision|rev|driver|section|chapter|step|figure|table|"
    r"abschnitt|kapitel|stand|chrome|edge|assembly|clause|annex|art|article)\b\.?|==|>=|<=|~=|\^)"
    r"[^\w\d]{0,4}(?:is |of )?$"
)


@kind("ip", "IP address", "IP addresses")
def _ip_addresses(passage: Passage) -> Ranges:
    for found in _OCTETS.finditer(passage.digits):
        written = passage.digits[found.start() : found.end()].removesuffix(found.group("more") or "")
        parts = [int(part) for part in written.replace(" ", "").split(".")]
        lead = passage.lead(found.start())
        is_sure = bool(_NETWORK_WORDS.search(lead)) or _is_of_a_private_network(parts)
        is_sure = is_sure or bool(found.group("more") and " " not in written)
        if max(parts) > 255 or _is_nobodys(parts) or _VERSION_WORDS.search(lead):
            continue
        is_after_dash = passage.text[found.start() - 1 : found.start()] == "-"  # as in the paths of drawings
        if is_sure or (not is_after_dash and " " not in written and (max(parts) >= 32 or len(set(parts)) == 1)):
            yield found.start(), found.start() + len(written)
    yield from _v6(passage)


def _is_of_a_private_network(parts: list[int]) -> bool:
    return parts[:2] == [192, 168] or parts[0] == 10 or (parts[0] == 172 and 16 <= parts[1] <= 31)


def _is_nobodys(parts: list[int]) -> bool:
    """The computer itself, any computer, masks, and zeros."""
    return parts[0] in (0, 127) or parts[0] == 255


_LIKE_0_AND_1 = str.maketrans("OolI", "0011")
_V6 = re.compile(r"(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-fOolI]{0,4}: ?){2,7}[0-9A-Fa-fOolI]{0,4}(?![A-Za-z0-9_:])")


def _v6(passage: Passage) -> Ranges:
    for found in _V6.finditer(passage.text):
        start, end = found.span()
        written = passage.text[start:end]
        start += len(written) - len(written.lstrip())
        end -= len(written) - len(written.rstrip())
        whole = written.replace(" ", "").translate(_LIKE_0_AND_1)
        groups = [group for group in whole.split(":") if group]
        is_long = len(groups) >= 3 or (groups and len(groups[0]) == 4)
        has_blanks = " " in passage.text[start:end]
        if not is_long or (has_blanks and len(groups) < 4) or not _is_hex(written):
            continue
        try:
            address = ipaddress.IPv6Address(whole)
        except ValueError:
            continue
        if not (address.is_loopback or address.is_unspecified):
            yield start, end


def _is_hex(written: str) -> bool:
    """Whether there are digits, and more than a few where letters stand for some."""
    n_digits = sum(char.isdigit() for char in written)
    return n_digits >= (3 if set(written) & set("OolI") else 1)


_PAIR = r"[0-9A-Fa-fOolI]{2}"
_MACS = (
    re.compile(
        rf"(?<![A-Za-z0-9_:-]){_PAIR}(?:(?P<s> ?[:-] ?){_PAIR})(?:(?P=s){_PAIR}){{4}}(?![A-Za-z0-9_]|[:-][0-9A-Fa-f])"
    ),
    re.compile(r"(?<![A-Za-z0-9_.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![A-Za-z0-9_.])"),
)
_MAC_WORDS = re.compile(r"\b(?:mac|hwaddr|ether|bssid|physical|physische|lladdr|station|link)\b")


@kind("mac", "MAC address", "MAC addresses")
def _mac_addresses(passage: Passage) -> Ranges:
    for pattern in _MACS:
        for found in pattern.finditer(passage.text):
            digits = [char for char in found.group().translate(_LIKE_0_AND_1) if char.isalnum()]
            is_said = ":" in found.group() or any(char.isalpha() for char in digits)
            if len(set(digits)) > 1 and (is_said or _MAC_WORDS.search(passage.lead(found.start()))):
                yield found.span()
