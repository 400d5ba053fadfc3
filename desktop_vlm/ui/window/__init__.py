"""The parts of the main window, and the window that joins them."""
