"""One part of an answer in its column: what it shows, and the widget for it once there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from desktop_vlm.markdown.blocks import Code, Formula, Grid, Table
from desktop_vlm.markdown.formula import FormulaKey, is_laid_out
from desktop_vlm.ui.markdown.chunks import Group, Measure, formulas, measure_of
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.grid_block import GridBlock
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.theme import Theme

Part: TypeAlias = "Prose | CodeBlock | TableBlock | GridBlock | FormulaBlock"


@dataclass(eq=False)
class Item:
    """A part of the answer, whether its widget is there or not.

    Attributes:
        number: which part of the answer it is, from 0.
        first: number of its first leaf.
        group: what it shows.
        growing: whether more of it is to come.
        part: the widget.
        is_stale: whether the widget shows something else.
        is_old: whether it shows it in another theme.
        height, width: as it was measured.
    """

    number: int
    first: int
    group: Group
    growing: bool = False
    part: Part | None = None
    is_stale: bool = True
    is_old: bool = False
    height: int = 0
    width: int = -1
    _guess: int = 0
    _guessed_for: tuple[int, int] | None = None
    _measure: Measure | None = None
    _formulas: tuple[int, tuple[FormulaKey, ...]] | None = None  # at a text size

    def show(self, first: int, group: Group, *, growing: bool) -> None:
        """Show something else of the same kind; until that is laid out, it is as high as what grows into it was."""
        self.is_stale |= self.group != group or self.growing != growing
        self.first, self.group, self.growing = first, group, growing
        if self.is_stale:
            self._measure, self._guessed_for, self._formulas = None, None, None
            if growing and self.width >= 0:
                self._guess, self._guessed_for = self.height, (self.width, -1)
            self.width = -1

    def missing_formulas(self, theme: Theme) -> list[FormulaKey]:
        """The formulas in it that are not laid out yet."""
        if self._formulas is None or self._formulas[0] != theme.text_px:
            self._formulas = theme.text_px, formulas(self.group, theme)
        return [key for key in self._formulas[1] if not is_laid_out(key[0], key[1], display=key[2])]

    def height_at(self, width: int, px: int) -> int:
        """As it was measured, else a guess; px at a width and a text size."""
        if self.width == width:
            return self.height
        if self._guessed_for not in {(width, px), (width, -1)}:
            if self._measure is None:
                self._measure = measure_of(self.group)
            self._guess, self._guessed_for = self._measure.height(width, px), (width, px)
        return self._guess

    @property
    def path(self) -> str:
        """The lists and quotes that all of it is in; of texts each has its own."""
        return "" if isinstance(self.group, list) else self.group.path

    @property
    def edge_paths(self) -> tuple[str, str]:
        """The lists and quotes that its first and its last line are in."""
        group = self.group
        return (group[0].path, group[-1].path) if isinstance(group, list) else (group.path, group.path)


def kind_of(group: Group) -> type[Part]:
    """The widget that shows a group."""
    return Prose if isinstance(group, list) else _KINDS[type(group)]


_KINDS: dict[type, type[Part]] = {
    Code: CodeBlock,
    Table: TableBlock,
    Grid: GridBlock,
    Formula: FormulaBlock,
}


def show_group(part: Part, group: Group, *, growing: bool) -> bool:
    """Have a widget of its kind show a group; whether anything changed."""
    if isinstance(part, Prose) and isinstance(group, list):
        return part.set_leaves(group)
    if isinstance(part, CodeBlock) and isinstance(group, Code):
        return part.set_leaf(group, growing=growing)
    if isinstance(part, TableBlock) and isinstance(group, Table):
        return part.set_leaf(group)
    if isinstance(part, GridBlock) and isinstance(group, Grid):
        return part.set_leaf(group)
    assert isinstance(part, FormulaBlock)
    assert isinstance(group, Formula)
    return part.set_leaf(group)
