"""Opening images that nobody vouches for, and composing several into one. No ggml, no Qt."""
