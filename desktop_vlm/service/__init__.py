"""The engine as a process of its own: the worker, and the frames that travel over its pipes."""
