"""The assistant's flow: from a question to a kept answer. Knows the history and the engine, not how it looks."""
