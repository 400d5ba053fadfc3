"""The program's screens: how they are set up (`stage`), what they show (`materials`), and a scene for each state."""
