"""A thin binding to the ggml libraries inside llama-cpp-python.

`library` declares the C functions, `graph` makes them pleasant to build computations with,
`device` finds the devices and runs graphs on them, `quantize` turns float rows into ggml's types.
"""
