"""The steps of a run. Each takes values and returns values; only `night` strings them together."""
