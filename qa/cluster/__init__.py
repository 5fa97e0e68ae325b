"""The heavy parts on many machines, by Ray: vectors of a shared library, and evaluation runs."""
