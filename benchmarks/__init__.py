"""Benchmarks: one file a claim, each printing a ratio to a peer or to the limit."""
