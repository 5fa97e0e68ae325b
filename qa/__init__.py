"""Cuttings: ask your own articles a question, offline, and open the words an answer rests on."""

__version__ = "0.1.0"
