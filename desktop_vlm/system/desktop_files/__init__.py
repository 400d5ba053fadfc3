"""What the desktop gets to know of the program: menu entry, icon, description, start at login. No Qt in here."""

from __future__ import annotations

APPLICATION_ID = "io.github.desktop_vlm.DesktopVlm"
"""The same in names of files, in the AppStream description, and as the windows' own id."""
