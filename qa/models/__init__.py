"""Models as files: which are known, which are here, how they are fetched and tried."""
