"""llama.cpp as the package llama-cpp-python brings it: one model, one sequence, one plan of memory. Knows no family."""
