"""A fuzzer of checkpoint folders that knows their structure: `python -m tests.fuzz.checkpoints`.

`subjects` are the folders that are damaged, one of each layout that is converted; `tensors` lies about weights;
`pickles` about PyTorch's files; `trial` damages one folder, converts it, and tells what came of it.
"""
