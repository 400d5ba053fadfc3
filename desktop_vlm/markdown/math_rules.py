r"""LaTeX in Markdown: $..$, \(..\), $$..$$, \[..\] and \begin{..}..\end{..} as rules of markdown-it-py.

Own rules rather than a plug-in's, because a formula whose end has yet to come must not fall apart into
paragraphs while an answer streams, and "$5 and $6" must stay money. `env["streaming"]` says that it streams,
`env["open_end"]` that the inline text at hand is the last of it.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_ENVIRONMENT = re.compile(r"\\begin\{([a-zA-Z]{1,20}\*?)\}")
_PAIRS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}


def add_math_rules(md: MarkdownIt) -> None:
    """Tokens: `formula` (inline; markup "$" or "$$"), `formula_pending` and `formula_block` (info "open" or "")."""
    md.inline.ruler.before("escape", "formula", _inline)
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("fence", "formula_block", _block, alternatives)


def _inline(state: StateInline, silent: bool) -> bool:
    opener = state.src[state.pos : state.pos + 2]
    if opener in _PAIRS:
        return _pair(state, opener, silent)
    if opener.startswith("$"):
        return _dollar(state, silent)
    return False


def _pair(state: StateInline, opener: str, silent: bool) -> bool:
    end = state.src.find(_PAIRS[opener], state.pos + 2, state.posMax)
    if end < 0:
        if not state.env.get("open_end") or state.level:
            return False
        return _take(state, "formula_pending", state.src[state.pos : state.posMax], state.posMax, silent)
    latex = state.src[state.pos + 2 : end]
    if not latex.strip():
        return False
    return _take(state, "formula", latex, end + 2, silent, markup="$" if opener == "\\(" else "$$")


def _dollar(state: StateInline, silent: bool) -> bool:
    src, start = state.src, state.pos
    before = src[start - 1] if start else " "
    if before.isalnum() or before == "$" or src[start + 1 : start + 2].isspace():
        return False
    end = src.find("$", start + 1, state.posMax)
    while end > 0 and src[end - 1] == "\\":
        end = src.find("$", end + 1, state.posMax)
    latex = src[start + 1 : end]
    if end < 0 or not latex or latex[-1].isspace() or "`" in latex or src[end + 1 : end + 2].isdigit():
        return False
    return _take(state, "formula", latex, end + 1, silent, markup="$")


def _take(state: StateInline, kind: str, content: str, end: int, silent: bool, markup: str = "") -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
        token.markup = markup
    state.pos = end
    return True


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    if state.is_code_block(first):
        return False
    head = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    environment = _ENVIRONMENT.match(head)
    if environment:
        opener, closer = "", f"\\end{{{environment[1]}}}"
    elif head.startswith(("$$", "\\[")):
        opener, closer = head[:2], _PAIRS[head[:2]]
    else:
        return False
    found = _closing_line(state, first, last, head[len(opener) :], closer)
    if found is None:
        return False
    line, closed = found
    if silent:
        return True
    body = state.getLines(first, line + 1, state.blkIndent, False).strip()[len(opener) :]
    if closed and opener:
        body = body[: body.rfind(closer)]
    token = state.push("formula_block", "", 0)
    token.block = True
    token.content = body.strip()
    token.info = "" if closed else "open"
    token.map = [first, line + 1]
    state.line = line + 1
    return True


def _closing_line(state: StateBlock, first: int, last: int, rest: str, closer: str) -> tuple[int, bool] | None:
    """Line that ends the formula, and whether by its closing mark; None: this is no display formula."""
    line, text = first, rest
    while True:
        if closer in text:
            after = text[text.rfind(closer) + len(closer) :].strip()
            return (line, True) if after in {"", ".", ",", ";"} else None
        line += 1
        if line >= last:
            may_go_on = state.env.get("streaming") and line == len(state.bMarks) - 1  # of the whole text
            return (line - 1, False) if may_go_on else None
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
