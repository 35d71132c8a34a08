"""Procedures: declared law run as files with states, steps, statutory clocks and evidence; the desk they stand on."""
