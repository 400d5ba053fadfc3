"""What a model file must be before any of it reaches llama.cpp, ggml or libmtmd, which end the process on much of it.

Each module is one idea: where data lies (`layout`), what the tensors' numbers are (`contents`), which types weights
may have (`types`), declared tables of tensors (`tables`), a language model's settings (`hyperparameters`), vocabulary
(`vocabulary`) and tensors (`decoder_tables`). `language_model` asks all of them about a language model; a vision
projector's rules are its family's. Everything is read in Python, bounded, from one opened file.
"""
