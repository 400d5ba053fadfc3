"""Answers held to a JSON schema, a regular expression, a choice or a grammar: checking, lowering, closing."""
