"""How exactly text is read from screens whose text is known, beside tesseract. See docs/text-layer.md."""
