"""Conversations on paper and as PDF: always in light colours, whatever the window's are."""
