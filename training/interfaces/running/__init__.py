"""Real programs that run, explored and read through their accessibility trees."""
