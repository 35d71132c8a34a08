"""Files of the legal section and of those who oversee the work: remedies, what follows of them, and cooperation."""

from shiheng.lines.oversight.procedures import consequences, cooperation, leads, matters, remedies

__all__ = ["consequences", "cooperation", "leads", "matters", "remedies"]
