"""Chat templates from a model's file: programs of strangers, run in a sandbox in a process of their own."""
