"""Games of Debian, as in `listed.py`."""

from __future__ import annotations

GAMES = """
gnome-sudoku | game | Sudoku
gnome-mines | game | Mines
khangman | game | KHangMan
kanagram | game | Kanagram
gnome-chess {pgn} | chess program | Chess
pychess {pgn} | chess program | PyChess
lutris | game manager | Lutris
freeciv-gtk3.22 | game | Freeciv
kpat | game of patience | KPatience
konquest | game | Konquest
kiriki | dice game | Kiriki
ksudoku | game | KSudoku
kigo | game | Kigo
knights | chess program | Knights
kreversi | game | KReversi
palapeli | puzzle game | Palapeli
picmi | game | Picmi
kubrick | game | Kubrick
lskat | game of patience | LSkat
kblocks | game | KBlocks
kbounce | game | KBounce
gnome-klotski | game | Klotski
sol | game of patience | AisleRiot Solitaire
gnome-mahjongg | game | Mahjongg
iagno | game | Reversi
five-or-more | game | Five or More
four-in-a-row | game | Four-in-a-row
tali | dice game | Tali
hitori | game | Hitori
swell-foop | game | Swell Foop
gnome-tetravex | game | Tetravex
quadrapassel | game | Quadrapassel
gnome-nibbles | game | Nibbles
gnome-robots | game | Robots
"""
