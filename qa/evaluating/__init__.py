"""A question set becomes a run, its measures and a report."""
