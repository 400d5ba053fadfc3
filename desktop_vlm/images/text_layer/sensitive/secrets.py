"""Keys, tokens and passwords: what lets whoever holds it in."""

from __future__ import annotations

import math
import re
from collections import Counter

from desktop_vlm.images.text_layer.sensitive.kinds import Passage, Ranges, kind

# Private keys


_PEM_END = re.compile(r"-\s*END\b")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/=\s|]{8,}")


def _is_of_a_key(above: str, line: str) -> bool:
    """A line inside of a PEM block, or its end."""
    if _PEM_END.search(above):
        return False
    return bool(_PEM_END.search(line) or _BASE64_LINE.fullmatch(line) or re.match(r"(?:Proc-Type|DEK-Info):", line))


_PEM_BEGIN = re.compile(
    r"-{2,8} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE ?KEY(?: BLOCK)? ?-{2,8}"
    r"(?P<rest>.*?(?:-{2,8} ?END [A-Z0-9 ]{0,40}KEY(?: BLOCK)? ?-{2,8}|$))"
)


@kind("private-key", "Private key", "private keys", goes_on=_is_of_a_key)
def _private_keys(passage: Passage) -> Ranges:
    for found in _PEM_BEGIN.finditer(passage.text):
        yield found.span()


# JSON Web Tokens (RFC 7519)

_B64 = "[A-Za-z0-9_-]"


def _is_of_a_token(_above: str, line: str) -> bool:
    """The next line of a long token: one word in which letters of both cases and digits are mixed."""
    line = line.strip()
    return bool(
        re.fullmatch(r"[A-Za-z0-9_.+/=-]{6,}", line)
        and re.search(r"\d", line)
        and re.search("[a-z]", line)
        and re.search("[A-Z]", line)
    )


_JWT = re.compile(
    rf"(?<![A-Za-z0-9_])[ec]y[JI]{_B64}{{10,}}(?: ?\. ?(?:{_B64}{{8,}}(?: ?\. ?{_B64}*)?)?)?(?![A-Za-z0-9_])"
)


@kind("jwt", "Sign-in token (JWT)", "sign-in tokens (JWT)", goes_on=_is_of_a_token)
def _json_web_tokens(passage: Passage) -> Ranges:
    for found in _JWT.finditer(passage.text):
        written = found.group()
        if "." in written or re.match("[ec]y[JI](?:hbGci|0eXAi|raWQi)", written):  # {"alg", {"typ", {"kid"
            yield found.start(), found.start() + len(written.rstrip(" ."))


# Keys and tokens that say by their beginning what they are

_KNOWN = (
    r"(?:AKIA|ASIA|ABIA|ACCA) ?(?: ?[A-Z0-9]){16}",  # Amazon Web Services
    r"gh[pousr] ?[_-] ?[A-Za-z0-9]{20,255}",  # GitHub
    r"github[_ -]pat[_ -][A-Za-z0-9_]{20,255}",
    r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-[\w.-]{18,255}",  # GitLab
    r"xox[abeoprs]-(?:[\w-]){10,255}",  # Slack
    r"xapp-\d-[\w-]{10,255}",
    r"(?:sk|pk|rk) ?_ ?(?:live|test) ?_ ?[A-Za-z0-9]{10,255}",  # Stripe
    r"whsec_[A-Za-z0-9+/=]{16,255}",
    r"sk-(?:(?:proj|ant|or|svcacct|admin|lf|api\d\d)-)*[A-Za-z0-9_-]{20,255}",  # OpenAI, Anthropic, OpenRouter
    r"AIza[\w-]{30,45}",  # Google
    r"GOCSPX-[\w-]{20,40}",
    r"ya29\.[\w.-]{20,500}",
    r"\d{6,14}-[a-z0-9]{32}\.apps\.googleusercontent\.com",
    r"npm_[A-Za-z0-9]{30,50}",
    r"pypi-[\w-]{30,255}",
    r"rubygems_[0-9a-f]{40,60}",
    r"hf ?_ ?[A-Za-z0-9]{24,60}",  # Hugging Face
    r"r8_[A-Za-z0-9]{30,50}",  # Replicate
    r"gsk_[A-Za-z0-9]{32,80}",  # Groq
    r"(?:xai|pplx|nvapi|tvly|fc|csk|lsv2_pt|lsv2_sk)-[\w-]{24,120}",
    r"SG\.[\w-]{16,32}\.[\w-]{30,60}",  # SendGrid
    r"(?:SK|AC)[0-9a-f]{32}",  # Twilio
    r"key-[0-9a-f]{32}",  # Mailgun
    r"[0-9a-f]{32}-us\d{1,2}",  # Mailchimp
    r"(?:dop|doo|dor)_v1_[a-f0-9]{40,80}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,40}",  # Shopify
    r"sq0(?:atp|csp|idp)-[\w-]{20,60}",  # Square
    r"EAA[A-Za-z0-9]{40,400}",  # Meta
    r"dckr_pat_[\w-]{20,60}",  # Docker
    r"lin_(?:api|oauth)_[A-Za-z0-9]{30,80}",  # Linear
    r"(?:secret|ntn)_[A-Za-z0-9]{36,60}",  # Notion
    r"figd_[\w-]{30,60}",  # Figma
    r"NRAK-[A-Z0-9]{20,40}",  # New Relic
    r"gl(?:sa|c)_[A-Za-z0-9_=]{24,200}",  # Grafana
    r"hv[sbr]\.[\w-]{20,300}",  # Vault
    r"tskey-[a-z]+-[\w-]{16,80}",  # Tailscale
    r"PMAK-[a-f0-9]{20,30}-[a-f0-9]{30,40}",  # Postman
    r"ATATT3x[\w=-]{40,300}",  # Atlassian
    r"ATBB[\w=-]{28,60}",
    r"dapi[a-f0-9]{32}(?:-\d)?",  # Databricks
    r"sntr(?:ys|yu)_[\w=+/.-]{30,200}",  # Sentry
    r"sbp_[a-f0-9]{36,50}",  # Supabase
    r"sb_(?:secret|publishable)_[\w-]{20,60}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{50,60}",
    r"(?:CFPAT|pat|pscale_tkn_|pscale_pw_|rnd_|FLWSECK(?:_TEST)?-|sk_prod_|rzp_live_|rzp_test_)[-_]?[\w.-]{24,120}",
    r"[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}",  # Discord
    r"\d{8,10}:AA[\w-]{32,36}",  # Telegram
    r"AccountKey=[A-Za-z0-9+/]{60,100}={0,2}",  # Azure
    r"eyJrIjoi[\w=-]{30,200}",
    r"otpauth://[^\s\"'<>]{10,}",  # second factors
    r"WIFI:(?:[^;]*;)*?P:(?:[^;\\]|\\.)+;[^\s]*",  # QR codes of wireless networks
)
_PREFIXED = re.compile("|".join(rf"(?<![A-Za-z0-9_]){one}(?![A-Za-z0-9])" for one in _KNOWN))
_MAY_BE_KNOWN = re.compile(r"[A-Za-z0-9_.+/=-]{14}|otpauth:|WIFI:|(?:AKIA|ASIA|ABIA|ACCA|gh[pousr]|hf|[spr]k) ?")
"""What every line with one of them has: most have nothing of the kind, and are done with one look."""
_AWS = re.compile(r"A(?:KI|SI|BI|CC)A[A-Z0-9]{16}")
"""Sixteen letters without a digit are one of 300."""
_NO_CHECK = ("otpauth:", "WIFI:")

# What stands after words for it

_NAME = (
    r"(?:api|app|access|secret|auth|account|client|private|shared|master|encryption|signing|storage|service|session|"
    r"refresh|bearer|deploy|webhook|admin|user|db|database|root|license|licence|product)"
)
_KEY_WORDS = (
    rf"(?:(?:{_NAME}[ _.-]?){{1,4}}(?:key|token|secret)(?:[ _.-]?(?:id|value|key))?|token|secret|credentials?|"
    r"(?:recovery|backup|activation|licen[sc]e)[ _-](?:code|key)s?|kennung|schl\u00fcssel|clave|cl\u00e9)"
)
_PASSWORD_WORDS = (
    r"(?:pass(?:word|wd|code|phrase)|pwd|kennwort|passwort|zugangscode|mot de passe|contrase\u00f1a|senha|wachtwoord|"
    r"has\u0142o|\u5bc6\u7801|\u5bc6\u78bc|\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638|"
    r"\u043f\u0430\u0440\u043e\u043b\u044c|pin|puk|wpa|psk)"
)
_NAMES_ONE = re.compile(
    rf"key|token|secret|credential|code|kennung|schl\u00fcssel|clave|cl\u00e9|bearer|basic|authorization|"
    rf"{_PASSWORD_WORDS}|\bpass\b",
    re.IGNORECASE,
)
_ASSIGN = r"[\"']?(?: ?(?:is|ist|lautet|=>|:=|=|:|\uff1a) ?|\t+)[\"'`]?"
_CHAR = r"[^\s\"'`<>(){}\[\]]"
_VALUE = r"[^\s\"'`,;<>(){}\[\]|]"
_KEYED = re.compile(
    rf"(?:{_KEY_WORDS}){_ASSIGN}(?:(?:Bearer|Basic|token) )?(?P<value>{_VALUE}{{12,}})(?!{_VALUE}|[(\[])",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    rf"(?:{_PASSWORD_WORDS}|(?:^\W*|[,;|/] ?)pass){_ASSIGN}(?P<value>{_CHAR}{{4,}})(?!{_CHAR}|[(\[])", re.IGNORECASE
)
_BEARER = re.compile(r"\b(?:Bearer|Basic|Authorization: ?\w+) +(?P<value>[A-Za-z0-9+/=_.~-]{16,})", re.IGNORECASE)
_LABEL = re.compile(rf"(?:[A-Za-z]+ ){{0,3}}{_KEY_WORDS}[ :*]*", re.IGNORECASE)
_PASSWORD_LABEL = re.compile(rf"(?:[A-Za-z]+ ){{0,3}}{_PASSWORD_WORDS}[ :*]*", re.IGNORECASE)
_ALONE = re.compile(r"\W*(?P<value>[^\s\"'`(){}\[\]<>]{4,})")

_PUBLIC = re.compile(
    r"(?:public|next|page|csrf[ _-]?name|cache|primary|foreign|partition|sort|idempotency)[ _-]?$", re.IGNORECASE
)
_DOTTED = re.compile(r"[A-Za-z_]\w{0,30}(?:\.[A-Za-z_]\w{0,30})+")
"""Names in programs."""
_STANDS_FOR = re.compile(
    r"x{4,}|\*{3,}|\u2022|\.{3}|\u2026|^[<{$%]|your|example_|changeme|placeholder|redacted|process\.env|os\.environ|"
    r"getenv|^(?:none|null|true|false|undefined|required|optional|string|str)$",
    re.IGNORECASE,
)
"""What stands in instructions where a key would be."""


@kind("secret", "Key or password", "keys or passwords", goes_on=_is_of_a_token)
def _secrets(passage: Passage) -> Ranges:
    for found in _PREFIXED.finditer(passage.text) if _MAY_BE_KNOWN.search(passage.text) else ():
        written = found.group()
        is_sure = written.startswith(_NO_CHECK) or _AWS.fullmatch(written)
        if is_sure or _is_random(written, bits=2.6, letters_do=len(written) > 24):
            yield found.start(), _with_rest(passage.text, found.end())
    yield from _beside_a_label(passage)
    if not _NAMES_ONE.search(passage.text):
        return
    for pattern in (_KEYED, _BEARER):
        for found in pattern.finditer(passage.text):
            lead = passage.text[: found.start()]
            if not _PUBLIC.search(lead) and _is_random(found.group("value"), bits=3.0):
                yield found.start("value"), _with_rest(passage.text, found.end("value"))
    for found in _PASSWORD.finditer(passage.text):
        if _is_password(found.group("value"), found.group()):
            yield found.span("value")


def _beside_a_label(passage: Passage) -> Ranges:
    """In a form the label and what it names are different lines."""
    found = _ALONE.fullmatch(passage.text.rstrip()) if passage.before else None
    if not found:
        return
    label, value = passage.before.strip(), found.group("value")
    is_key = len(value) >= 12 and _LABEL.fullmatch(label) and _is_random(value, bits=3.0)
    if is_key or (_PASSWORD_LABEL.fullmatch(label) and _is_password(value, label)):
        yield found.span("value")


def _with_rest(text: str, end: int) -> int:
    """OCR puts blanks into long keys: what follows one and is no word belongs to it."""
    while found := re.compile(r" ([A-Za-z0-9_+/=-]{3,})(?![A-Za-z0-9])").match(text, end):
        part = found.group(1)
        has_all = re.search(r"\d", part) and re.search("[A-Za-z]", part)
        if not has_all or len(part) < 6 or _PREFIXED.match(text, found.start(1)):
            break
        end = found.end()
    return end


def _is_random(value: str, *, bits: float, letters_do: bool = False) -> bool:
    """Whether it looks drawn by chance: letters and digits mixed, and at least so many bits a character."""
    value = value.rstrip(".,;:")
    is_mixed = bool(re.search(r"\d", value) and re.search("[A-Za-z]", value))
    is_mixed = is_mixed or bool(letters_do and re.search("[a-z]", value) and re.search("[A-Z]", value))
    if not is_mixed or _STANDS_FOR.search(value) or _DOTTED.fullmatch(value):
        return False
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return entropy >= bits


def _is_password(value: str, context: str) -> bool:
    """Whether a value after a word for passwords is one, and not a word of the sentence."""
    value = value.rstrip(".,;:")
    kinds = sum(bool(re.search(pattern, value)) for pattern in ("[a-z]", "[A-Z]", r"\d", r"[^A-Za-z0-9\s]"))
    if re.search(r"(?:pin|puk)\W", context, re.IGNORECASE):
        return bool(re.fullmatch(r"\d{4,8}", value))
    if len(value) < 6 or _STANDS_FOR.search(value):
        return False
    is_name = re.fullmatch(r"[A-Za-z][a-z]*(?:[_.-][A-Za-z]+)*[.!?]*", value) or re.fullmatch(
        r"[a-z]+[A-Z][A-Za-z]*", value
    )
    return not is_name and kinds >= 2
