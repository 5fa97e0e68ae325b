"""All that people have made in a home, in one file, and back from it into another home."""
