"""Web pages inside a browser's frame, each drawn at the size that it is given."""
