"""What articles there are and what they say as a whole: told by the library, without a model."""
