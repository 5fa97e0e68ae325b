"""A file becomes Articles, an Article becomes Passages."""
