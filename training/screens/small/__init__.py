"""Very small windows as X11 toolkits without antialiasing draw them: Athena, Motif, Tk, FLTK, bare Xlib.

120 to 400 px wide, 40 to 160 px high: messages with buttons, input lines, menus, clocks, meters, tooltips, labels, and
tiny terminals, so that a small image is not taken for a terminal because it is small.
"""

from training.screens.small.windows import SMALL_SHARE, draw_small

__all__ = ["SMALL_SHARE", "draw_small"]
