"""Open files of an earlier system: brought as a table, judged row by row, taken, taken back as a batch."""
