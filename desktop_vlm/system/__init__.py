"""What the operating system tells: folders, processor cores, GPUs, and entries in the desktop's menus."""
