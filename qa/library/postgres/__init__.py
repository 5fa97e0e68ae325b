"""The library in PostgreSQL with pgvector, for many people and machines at a time."""
