"""Passages become a durable, searchable collection."""
