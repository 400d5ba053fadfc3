"""From a checkpoint to the two GGUF files, for any family, one concern a module.

`source` finds the folder or repository, `recipe` has what a family's converter says of it, and `plan` puts everything
together; `desktop_vlm.convert` is the door.

Reading: `weight_files` says which files hold the weights, `weight_headers` (`safetensors_file`, `pytorch_file`) what is
where in them, `checkpoint` has their tensors. A tensor (`stored_tensor.SourceTensor`) is stored plainly, quantised
(`bitsandbytes`), changed by an adapter (`lora`) or put together (`assembled_tensor`), and read by rows through a
`file_access`, which may be the network's (`streaming`).

Writing: `tensor_map` says what becomes what, `quant_types` in which ggml type, the tokenizers and `metadata` fill the
key/value part, `tensor_stream` packs the rows and `gguf_file` writes them.
"""
