"""Private text in pictures: pointing it out, and covering it for good."""
