"""Tokens and a GGUF model; knows nothing of articles."""
