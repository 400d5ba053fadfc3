"""From a Hugging Face `mllama` checkpoint to the two GGUF files, one concern a module.

`source` finds the folder, `config` and `checkpoint` read it, `tensor_map` says what becomes what,
`quant_types` in which ggml type, `tokenizer` and `metadata` fill the key/value part, `tensor_stream` packs
the rows and `gguf_file` writes them. `plan` puts these together; `desktop_vlm.convert` is the door.
"""
