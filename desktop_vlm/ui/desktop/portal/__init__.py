"""The desktop portal (xdg-desktop-portal) over D-Bus: one client for hotkeys and screenshots."""

from desktop_vlm.ui.desktop.portal.bus import CallError, NoBusError, PortalBus, StoppedError

__all__ = ["CallError", "NoBusError", "PortalBus", "StoppedError"]
