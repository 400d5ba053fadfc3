"""The text of answers: Markdown, JSON, code and formulas, read as nothing but text. No Qt."""
