"""The AppStream description, which software centres show.

Format: https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html
"""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.entries import KEYWORDS, MIME_TYPES, NAME, SUMMARY

_PARAGRAPH = (
    "Press a key, select a part of the screen, and ask about it: what an error means, what a chart shows, what a text "
    "says. A vision model answers on your own computer; no picture and no question leaves it."
)
_FEATURES = (
    "Answers with code, tables and formulas",
    "Quick actions: copy text, turn a table or a receipt into JSON, a formula into LaTeX",
    "Shows exactly the picture that the model sees",
    "Conversations that can be searched, branched and exported",
)
_COLORS = {"light": "#dcefeb", "dark": "#0b5a51"}


def metainfo() -> str:
    """The description as an XML document."""
    root = Xml.Element("component", type="desktop-application")
    _add(root, "id", APPLICATION_ID)
    _add(root, "metadata_license", "CC0-1.0")
    _add(root, "name", NAME)
    _add(root, "summary", SUMMARY)
    developer = Xml.SubElement(root, "developer", id="io.github.desktop_vlm")
    _add(developer, "name", "The founders of desktop_vlm")
    description = Xml.SubElement(root, "description")
    _add(description, "p", _PARAGRAPH)
    features = Xml.SubElement(description, "ul")
    for feature in _FEATURES:
        _add(features, "li", feature)
    _add(root, "launchable", f"{APPLICATION_ID}.desktop", type="desktop-id")
    _add(Xml.SubElement(root, "categories"), "category", "Utility")
    keywords = Xml.SubElement(root, "keywords")
    for keyword in KEYWORDS:
        _add(keywords, "keyword", keyword)
    provides = Xml.SubElement(root, "provides")
    _add(provides, "binary", "desktop-vlm")
    for mime_type in MIME_TYPES:
        _add(provides, "mediatype", mime_type)
    colors = Xml.SubElement(root, "branding")
    for scheme, color in _COLORS.items():
        _add(colors, "color", color, type="primary", scheme_preference=scheme)
    Xml.SubElement(root, "content_rating", type="oars-1.1")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _add(parent: Xml.Element, tag: str, text: str, **attributes: str) -> None:
    Xml.SubElement(parent, tag, attributes).text = text
