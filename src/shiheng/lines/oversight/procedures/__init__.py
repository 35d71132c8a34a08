"""Files of the legal section and of those who oversee the work: remedies, what follows of them, and cooperation."""

from shiheng.lines.oversight.procedures import consequences, cooperation, disclosure, leads, matters, remedies

__all__ = ["consequences", "cooperation", "disclosure", "leads", "matters", "remedies"]
