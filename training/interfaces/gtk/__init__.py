"""Windows that Builder files of GTK 3 lay out, filled and read back."""
