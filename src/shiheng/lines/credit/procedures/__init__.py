"""Files of the credit line: lists and marks with their way out, the serious list, repair, correction."""

from shiheng.lines.credit.procedures import listing, repair, serious

__all__ = ["listing", "repair", "serious"]
