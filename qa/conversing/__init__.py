"""Conversations are kept: in one SQLite file of the home, with the sources as they were fed."""
