"""How private text is named and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop_vlm.images.text_layer.sensitive import KINDS, WORD, Finding, Kind
from desktop_vlm.ui.plural import plural

DRAWN = "drawn"
"""Kind of a place that the person drew."""


def tr(text: str) -> str:
    """Translation of a text that no widget owns."""
    return QCoreApplication.translate("Redaction", text)


def kind_label(kind: str) -> str:
    """What one of a kind is called, in the person's language."""
    if kind == DRAWN:
        return tr("Drawn by you")
    return tr(_kind(kind).label)


def chip_text(count: int) -> str:
    """Of the mark at a picture."""
    return plural("Redaction", count, "1 private", "{n} private")


def summary(findings: Sequence[Finding]) -> str:
    """How many of which kind: "1 e-mail address, 2 phone numbers"."""
    counts = Counter(finding.kind for finding in findings)
    parts = []
    for kind, count in counts.items():
        one = _kind(kind)
        parts.append(plural("Redaction", count, f"1 {_small(one.label)}", f"{{n}} {one.plural}"))
    return ", ".join(parts)


def _kind(key: str) -> Kind:
    return WORD if key == WORD.key else KINDS[key]


def _small(label: str) -> str:
    """Within a sentence; what begins with several capitals stays ("IP address")."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
