"""Frames of every protocol and direction, valid ones and damaged ones, given to whoever receives them."""
