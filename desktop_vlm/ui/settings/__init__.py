"""The settings dialog: `dialog.SettingsDialog`, which knows the program by `context.SettingsContext`."""
