"""What all families share that llama.cpp's multimodal library (libmtmd) runs: binding, runner, memory."""
