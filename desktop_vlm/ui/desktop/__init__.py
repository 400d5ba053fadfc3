"""What connects the program with the desktop: hotkeys, screen capture, tray icon, and a second start of it."""
