"""Pages of the web come into the library: fetched when asked for, or handed over by a browser."""
