"""What travels between all parts: options, messages, answers, capabilities and errors. No ggml, no Qt."""
