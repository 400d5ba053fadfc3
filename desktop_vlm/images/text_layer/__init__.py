"""What can be done with the text of images: reading it, its order, its forms, finding something in it. No Qt.

Each module is one idea. Only `recognition` uses the OCR engine, which decodes natively and
runs in a process of its own.
"""
