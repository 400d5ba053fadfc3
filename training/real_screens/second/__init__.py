"""The second set of full screens: other programs and contents, for a score that nobody has steered by."""
