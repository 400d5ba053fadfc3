"""Kinds of facts by subject: declarations, a module each."""

from __future__ import annotations

from training.screens.facts.kinds import FactKind
from training.screens.facts.subjects.accounts import ACCOUNTS
from training.screens.facts.subjects.circle import CIRCLE
from training.screens.facts.subjects.errands import ERRANDS
from training.screens.facts.subjects.everyday import EVERYDAY
from training.screens.facts.subjects.guides import GUIDES
from training.screens.facts.subjects.hardware import HARDWARE
from training.screens.facts.subjects.household import HOUSEHOLD
from training.screens.facts.subjects.letters import LETTERS
from training.screens.facts.subjects.manuals import MANUALS
from training.screens.facts.subjects.news import NEWS
from training.screens.facts.subjects.office import OFFICE
from training.screens.facts.subjects.outings import OUTINGS
from training.screens.facts.subjects.programming import PROGRAMMING
from training.screens.facts.subjects.public import PUBLIC
from training.screens.facts.subjects.reports import REPORTS
from training.screens.facts.subjects.servers import SERVERS
from training.screens.facts.subjects.software import SOFTWARE
from training.screens.facts.subjects.stories import STORIES
from training.screens.facts.subjects.supply import SUPPLY
from training.screens.facts.subjects.talk import TALK
from training.screens.facts.subjects.trade import TRADE
from training.screens.facts.subjects.travel import TRAVEL
from training.screens.facts.subjects.world import WORLD

SUBJECTS: dict[str, tuple[FactKind, ...]] = {
    "travel": TRAVEL, "trade": TRADE, "letters": LETTERS, "manuals": MANUALS, "talk": TALK, "software": SOFTWARE,
    "everyday": EVERYDAY, "reports": REPORTS, "world": WORLD, "news": NEWS, "guides": GUIDES, "stories": STORIES,
    "household": HOUSEHOLD, "outings": OUTINGS, "errands": ERRANDS, "circle": CIRCLE, "servers": SERVERS,
    "programming": PROGRAMMING, "hardware": HARDWARE, "office": OFFICE, "accounts": ACCOUNTS, "public": PUBLIC,
    "supply": SUPPLY,
}  # fmt: skip
KINDS: tuple[FactKind, ...] = tuple(kind for kinds in SUBJECTS.values() for kind in kinds)
