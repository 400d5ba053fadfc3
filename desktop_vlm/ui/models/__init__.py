"""The model page: what is installed, what is on this computer, what can be had, and the work on it."""
