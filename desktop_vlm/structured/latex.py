r"""The grammar of formulas in LaTeX that always close: display formulas `$$...$$` and nothing else.

Braces, `\left` and `\right`, `\begin` and `\end` come in pairs because no rule has one without the other. Only
environments that may stand inside `$$` are there, nothing is empty that has to hold something, and a command is never
glued to a letter behind it. Nesting is bounded by writing every level out.
"""

from __future__ import annotations

import re

_LEVELS = 4
"""Structures within structures; the innermost hold symbols only."""

_COMMANDS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
    "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "pm mp times div cdot ast star circ bullet oplus ominus otimes odot cap cup vee wedge land lor lnot neg setminus "
    "dagger leq le geq ge neq ne equiv sim simeq approx cong propto prec succ ll gg subset supset subseteq supseteq "
    "in ni notin perp mid parallel leftarrow rightarrow to gets uparrow downarrow leftrightarrow Leftarrow Rightarrow "
    "Leftrightarrow mapsto longrightarrow longleftarrow Longrightarrow hookrightarrow rightharpoonup "
    "rightleftharpoons implies iff sum prod coprod int iint iiint oint bigcap bigcup bigoplus bigotimes sin cos tan "
    "cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim limsup liminf max min sup inf det dim ker "
    "arg gcd Pr infty partial nabla forall exists emptyset varnothing aleph hbar ell Re Im angle top prime square "
    "therefore because ldots cdots vdots ddots dots langle rangle lfloor rfloor lceil rceil vert Vert"
)
COMMANDS = tuple(_COMMANDS.split())
_LARGE = "sum prod coprod int iint iiint oint bigcap bigcup bigoplus bigotimes lim limsup liminf max min sup inf"
_ACCENTS = "hat widehat tilde widetilde bar overline underline vec dot ddot overrightarrow overbrace underbrace"
_FONTS = "mathbf mathrm mathit mathsf mathtt mathbb mathcal mathfrak mathscr boldsymbol operatorname"
_MATRICES = "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned split"

_HEAD = r"""
%llguidance {}
start: formula (/\n\n?/ formula)*
formula: "$$" (NEWLINE | SPACE)? seq0 NEWLINE? "$$"

CMD: /\\(@COMMANDS)/
LARGE: /\\(@LARGE)\\limits/
LETTERS: /[A-Za-z]+/
NUMBER: /[0-9]+/
PLAIN: /[-+=<>\/:,;.!?|()\[\]*]|\\[{}|%&#]/
SPACE: / |\\[,;:!]|\\q?quad /
NEWLINE: /\n/
PRIMES: /'{1,3}/
TEXT: /\\(text|textbf|textit)\{[\p{L}\p{Nd}(][\p{L}\p{Nd} .,;:!?()'\/=+-]{0,80}\}/
FONT: /\\(@FONTS)\{[A-Za-z0-9]{1,12}\}/
DELIM: /[()\[\]|\/.]|\\[{}|]|\\(langle|rangle|lfloor|rfloor|lceil|rceil|vert|Vert) /
"""

_LEVEL = r"""
seq@K: unit@K+ chain@K? | chain@K
unit@K: item@K SPACE? | chain@K SPACE | chain@K glued@K SPACE?
item@K: (LETTERS | TEXT) scripts@K? | glued@K
glued@K: base@K scripts@K? | CMD scripts@K | LARGE bounds@K
base@K: NUMBER | PLAIN | FONT@STRUCTURE
chain@K: (open@K | (LETTERS | TEXT) capped@K) open@K*
open@K: CMD | (base@K | CMD | LARGE) capped@K
scripts@K: PRIMES | bounds@K
bounds@K: sub@K | sup@K | (sub@K | "_" CMD) sup@K | (sup@K | "^" CMD) sub@K
capped@K: /[_^]/ CMD | sub@K "^" CMD | sup@K "_" CMD
"""
r"""What ends with a command is `open`: a space, or what cannot be read as a part of its name, has to follow."""

_STRUCTURES = r"""
sub@K: "_" arg@K
sup@K: "^" arg@K
arg@K: "{" seq@N "}" | /[A-Za-z0-9*]/
structure@K: "{" seq@N "}"
  | /\\[dtc]?frac\{/ seq@N "}{" seq@N "}" | /\\[dt]?binom\{/ seq@N "}{" seq@N "}"
  | /\\(overset|underset|stackrel)\{/ seq@N "}{" seq@N "}"
  | /\\sqrt(\[[0-9a-z]{1,3}\])?\{/ seq@N "}"
  | /\\(@ACCENTS)\{/ seq@N "}"
  | /\\(boxed|pmod|xrightarrow|xleftarrow)\{/ seq@N "}"
  | "\\left" DELIM SPACE? seq@N ("\\middle" DELIM SPACE? seq@N)? "\\right" DELIM
@ENVIRONMENTS
  | "\\begin{array}" /\{[lcr|]{0,12}[lcr]\|?\}/ rows@N "\\end{array}"
  | "\\begin{gathered}" blank seq@N ("\\\\" blank seq@N)* NEWLINE? "\\end{gathered}"
rows@N: blank seq@N ("&" SPACE? cell@N)* ("\\\\" blank ("\\hline" blank)? cell@N ("&" SPACE? cell@N)*)* NEWLINE?
cell@N: seq@N?
"""

_INNERMOST = r"""
sub@K: /_[A-Za-z0-9]/
sup@K: /\^[A-Za-z0-9*]/
"""


def _grammar() -> str:
    environments = re.sub(r"(\w+) ?", r'  | "\\\\begin{\1}" rows@N "\\\\end{\1}"\n', _MATRICES).rstrip()
    parts = [_HEAD]
    for level in range(_LEVELS + 1):
        innermost = level == _LEVELS
        text = _LEVEL.replace("@STRUCTURE", "" if innermost else f" | structure{level}")
        text += _INNERMOST if innermost else _STRUCTURES.replace("@ENVIRONMENTS", environments)
        parts.append(text.replace("@K", str(level)).replace("@N", str(level + 1)))
    grammar = "".join(parts) + "blank: (NEWLINE | SPACE)?\n"
    for name, commands in (("COMMANDS", _COMMANDS), ("LARGE", _LARGE), ("FONTS", _FONTS), ("ACCENTS", _ACCENTS)):
        grammar = grammar.replace(f"@{name}", commands.replace(" ", "|"))
    return grammar


LATEX_GRAMMAR = _grammar()
"""For llguidance, in its variant of Lark."""
