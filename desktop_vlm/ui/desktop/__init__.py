"""The ways in from the desktop: hotkeys, screen capture, tray icon and a second start of the program."""
