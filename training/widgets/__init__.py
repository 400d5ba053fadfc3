"""Windows that Tk and GTK 3 drew, as training images, with the places of their characters: see `pack`."""
