"""Training of the demo model: data, model, loop and evaluation."""
