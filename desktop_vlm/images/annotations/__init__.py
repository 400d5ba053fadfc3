"""Marks on images: what they are (`kinds`), a list of them over an original (`document`), and how they are drawn."""
