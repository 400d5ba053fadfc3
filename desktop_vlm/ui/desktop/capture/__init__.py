"""Pictures of the screen: a region, a window, a whole screen.

| module | what it is for |
|---|---|
| service | `CaptureService`: what the window and the hotkey call |
| way, way_portal, way_x11, way_qt | how a picture comes about on this desktop, best first |
| portal | xdg-desktop-portal's Screenshot, without Qt |
| frozen, x11_windows | what was on the screens, and which windows were there |
| picker, overlay, selection | choosing a part of what was frozen |
| magnifier, chrome | what the overlay paints |
| countdown | the seconds before a delayed capture |
| encoding | from pixels to a `NewPicture` |
"""

from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.service import CaptureService

__all__ = ["CaptureMode", "CaptureService"]
