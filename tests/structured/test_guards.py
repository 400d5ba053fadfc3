from __future__ import annotations

from desktop_vlm.structured.guards import FormulaGuard, JsonGuard


def test_brackets_are_counted_outside_of_strings_only() -> None:
    guard = JsonGuard()
    assert not guard.exceeds(b'["' + b"[" * 500 + b'\\"[{' + b'", ')
    assert not guard.exceeds(b"[" * (JsonGuard.MAX_DEPTH - 1))
    assert guard.exceeds(b"{")


def test_closed_brackets_make_room_again() -> None:
    guard = JsonGuard()
    assert not guard.exceeds(b"[]" * 1_000)


def test_a_number_without_end_is_cut_off() -> None:
    guard = JsonGuard()
    assert not guard.exceeds(b"[" + b"7" * JsonGuard.MAX_DIGITS)
    assert guard.exceeds(b"7")
    assert not JsonGuard().exceeds(b"1234567, " * 1_000)


def test_each_formula_is_counted_by_itself() -> None:
    guard = FormulaGuard()
    formula = b"$$" + b"x+" * 150 + b"1$$\n"
    assert not any(guard.exceeds(formula) for _ in range(10))
    assert guard.exceeds(b"$$" + b"x+" * 191)


def test_nested_structures_are_counted() -> None:
    guard = FormulaGuard()
    assert not guard.exceeds(b"$$" + rb"\left(" * FormulaGuard.MAX_NESTED)
    assert guard.exceeds(rb"\left(")


def test_a_character_may_come_in_two_pieces() -> None:
    guard = FormulaGuard()
    assert not guard.exceeds("$$\\text{é".encode()[:-1])
    assert not guard.exceeds("é".encode()[-1:] + b"}")
