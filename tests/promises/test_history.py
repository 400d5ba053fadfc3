"""Promise 9: whatever happens to the file of the history, what is in it is used or kept aside, and nothing else comes.

A fixed slice of what `python -m tests.fuzz.history` does by the thousand. That kills lose nothing is shown by
`tests/history/test_crashes.py`, that a full or failing disk loses nothing by `test_full_and_read_only.py`.
"""

from __future__ import annotations

from collections import Counter

from tests.fuzz.history.__main__ import cases

N_CASES = 500


def test_damaged_histories_work_or_are_kept_aside() -> None:
    counts: Counter[str] = Counter()
    bad = []
    for seed, done, outcome in cases(range(300_000, 300_000 + N_CASES)):
        counts[outcome.kind] += 1
        if not outcome.is_good:
            bad.append((seed, done, outcome))
    assert bad == []
    assert sum(counts.values()) == N_CASES
    assert counts["works"] > 150
    assert counts["aside"] > 150
    assert counts["refused"] > 5
