"""A question and its Hits become an Answer."""
