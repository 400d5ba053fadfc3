"""The formats of texts that can be obeyed."""

from __future__ import annotations

FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri")
"""Those that llguidance knows."""

WIDER_FORMATS = {
    "iri": "uri",
    "iri-reference": "uri",
    "uri-reference": "uri",
    "uri-template": "uri",
    "idn-email": "email",
    "idn-hostname": "hostname",
}
"""Formats that a narrower one is an example of: every URI is an IRI, and a template without variables."""

FORMAT_PATTERNS = {
    "json-pointer": "^(?:/(?:[^~/]|~[01])*)*$",
    "relative-json-pointer": "^(?:0|[1-9][0-9]{0,9})(?:#|(?:/(?:[^~/]|~[01])*)*)$",
}
"""RFC 6901, and the draft of relative pointers."""
