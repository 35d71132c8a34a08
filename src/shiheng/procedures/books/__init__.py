"""Ledgers of files: what happened to each, when, and what it came to in money; totals that open their rows."""
