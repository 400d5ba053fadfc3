"""Terminal emulators that show what real commands print, and the place of every character."""
