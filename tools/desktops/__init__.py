"""Real Wayland desktops without a screen: the program in them, used by real keys and mouse, and images of it."""
