"""The window's way to decoded images and PDF pages: in a process of its own, and not on the window's thread.

Only what this program wrote itself may be decoded in the window's own process: its PNGs of captures and composites.
"""

from desktop_vlm.service.decoding import count_pages, open_image, open_pages, pdf_pages, small_pages

__all__ = ["count_pages", "open_image", "open_pages", "pdf_pages", "small_pages"]
