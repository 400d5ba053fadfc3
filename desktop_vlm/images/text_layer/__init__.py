"""What can be done with the text of images: reading it, its order, its forms, finding something in it. No Qt.

Each module is one idea. Only `recognition` and what it uses (`engine`, `detection`, `crops`, `line_reading`, `codes`)
run native code on what nobody vouches for, which is done in a process of its own.
"""
