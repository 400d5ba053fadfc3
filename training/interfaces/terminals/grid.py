"""What stands on a terminal's screen: its cells, and which commands printed which rows."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Cell:
    """A character with its looks: ink, ground, bold, reversed, underlined."""

    char: str
    looks: tuple[str, str, bool, bool, bool]

    @property
    def is_blank(self) -> bool:
        return self.char in (" ", "\xa0") and not self.looks[4]

    @property
    def is_bare(self) -> bool:
        """Whether nothing is drawn in it at all."""
        return self.is_blank and self.looks[1] == "default" and not self.looks[3]


@dataclass(frozen=True)
class Ran:
    """A command that was run.

    Attributes:
        prompt: what stands before it in its row.
        prompts: the rows of the prompt, the last of them with nothing behind the prompt.
        row: where it stands.
        start: the row after it, where its output begins.
        end: the row after its output.
        status: which it ended with.
        folder: where it was run.
    """

    command: str
    prompt: str
    prompts: tuple[str, ...]
    row: int
    start: int
    end: int
    status: int
    folder: str

    def moved(self, rows: int) -> Ran:
        return replace(self, row=self.row + rows, start=self.start + rows, end=self.end + rows)


@dataclass(frozen=True)
class Grid:
    """A screen.

    Attributes:
        cursor: its row and column.
        ran: the commands, with rows of this screen; those that have left it at its top have negative rows.
        prompt: what stands before the cursor where a command is waited for, else "".
        full: the command of the program that has the whole screen, if one has.
        asking: the row in which the last prompt begins.
    """

    cells: tuple[tuple[Cell, ...], ...]
    cursor: tuple[int, int]
    ran: tuple[Ran, ...]
    prompt: str
    full: str
    user: str
    host: str
    folder: str
    asking: int
    home: str

    @property
    def lines(self) -> list[str]:
        """The rows' texts without blanks at their ends."""
        return ["".join(cell.char for cell in row).rstrip().replace("\xa0", " ") for row in self.cells]

    def printed(self, ran: Ran) -> list[str]:
        """What a command printed, as far as it is seen."""
        return self.lines[max(0, ran.start) : max(0, ran.end)]

    def seen(self) -> list[Ran]:
        """The commands that are seen themselves, in one row each."""
        lines = self.lines
        return [one for one in self.ran if one.row >= 0 and one.start == one.row + 1
                and lines[one.row].rstrip() == (one.prompt + one.command).rstrip()]  # fmt: skip
