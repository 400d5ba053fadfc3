"""Pages that others wrote, with other texts in them, rendered by Chromium and read back."""
