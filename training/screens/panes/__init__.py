"""Programs made of bars, lists, tabs and panes, for training alone: much on them is found by its place."""
