"""Pictures of the screen: a region, a window, a whole screen.

| module | what it is for |
|---|---|
| service | `CaptureService`: what the window and the hotkey call |
| backend, backends | what takes screenshots, and which is preferred on this desktop |
| backend_portal, backend_x11, backend_qt | one for each kind of desktop |
| portal_screenshot | xdg-desktop-portal's Screenshot, without Qt |
| frozen, x11_windows | what was on the screens, and which windows were there |
| picker, overlay, selection | choosing a part of what was frozen |
| magnifier, chrome | what the overlay paints |
| countdown | the seconds before a delayed capture |
| encoding | from pixels to a `NewPicture` |
"""

from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.service import CaptureService

__all__ = ["CaptureMode", "CaptureService"]
