"""Controls and drawing that more than one part of the window uses. They know the theme, and no part of the program."""
