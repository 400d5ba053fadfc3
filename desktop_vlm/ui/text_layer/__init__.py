"""The text of images as the window has it: read in a process of its own, kept by the images' SHA-256."""
