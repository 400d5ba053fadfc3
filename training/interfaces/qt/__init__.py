"""Windows that Qt Designer's forms lay out, filled and read back."""
