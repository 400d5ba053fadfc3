"""The settings dialog: `dialog.SettingsDialog`, told about the program by `context.SettingsContext`."""
