"""Spreadsheets: records in a grid with references."""

from __future__ import annotations

from training.web.board import Board
from training.web.deck import Deck, DeckAsker, cell, head


def sheet(board: Board, deck: Deck) -> str:
    """A grid with letters over the columns and numbers before the rows, one cell of which is selected."""
    asker, rng = DeckAsker(board, deck), board.rng
    asker.ask_all()
    asker.ask_table()
    letters = "ABCDEFGHIJKLMNOP"
    wide, tall = max(len(deck.labels), rng.randint(5, 12)), max(len(deck.rows) + 1, rng.randint(8, 30))
    chosen = (rng.randrange(len(deck.rows)), rng.randrange(len(deck.labels)))
    reference = f"{letters[chosen[1]]}{chosen[0] + 2}"
    value = deck.text(chosen[0], deck.labels[chosen[1]])
    body = []
    for row in range(tall):
        cells = []
        for column in range(wide):
            inner = ""
            if column < len(deck.labels):
                label = deck.labels[column]
                inner = (
                    head(board, deck, label, "b")
                    if row == 0
                    else cell(board, deck, row - 1, label)
                    if row <= len(deck.rows)
                    else ""
                )
                if 0 < row <= len(deck.rows) and rng.random() < 0.25:
                    board.ask(
                        "cell",
                        deck.text(row - 1, label),
                        "What is in cell {ref}?|Read cell {ref}.|What does {ref} say?|Which value is in {ref}?|{ref}?",
                        (deck.name(row - 1, label),),
                        ref=f"{letters[column]}{row + 1}",
                    )
            on = "outline:2px solid #1a7f4b" if (row - 1, column) == chosen else ""
            cells.append(f"<td style='{on}'>{inner}</td>")
        body.append(f"<tr><th class='muted'>{row + 1}</th>{''.join(cells)}</tr>")
    heads = "".join(f"<th class='muted' style='text-align:center'>{letters[column]}</th>" for column in range(wide))
    bar = f"<div class='row rule item'>{board.put(reference, 'ref', style='input')}<span class='muted'>fx</span><span class='input grow'>{board.put(value, 'formula')}</span></div>"
    board.ask(
        "selected",
        reference,
        "Which cell is selected?|What is the reference of the selected cell?|Which cell is active?",
        ("ref",),
    )
    board.ask(
        "value",
        value,
        "What is in the selected cell?|What does the formula bar show?|What does the active cell contain?",
        ("formula",),
    )
    tab = board.put(deck.title, "tab", style="tab on")
    board.ask("selected", deck.title, "Which sheet is open?|What is the sheet called?|Which sheet is shown?", ("tab",))
    board.noun, board.about = "spreadsheet", f'a spreadsheet "{deck.title}" with the columns {", ".join(deck.labels)}'
    return f"{bar}<table style='width:100%'><tr><th></th>{heads}</tr>{''.join(body)}</table><div style='position:absolute;bottom:0;left:0;right:0' class='bar row'>{tab}</div>"
