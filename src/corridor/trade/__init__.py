"""The analysis of trade that notebooks call: pure functions on DataFrames, for any areas and years."""
