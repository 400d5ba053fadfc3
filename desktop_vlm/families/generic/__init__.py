"""Language models without a vision projector, of any architecture that llama.cpp knows."""
