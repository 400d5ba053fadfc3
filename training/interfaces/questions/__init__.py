"""What windows that others laid out are asked, by their controls."""
