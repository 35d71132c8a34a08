"""Registers of the bureau's own work: who oversees it, who helps it in an emergency, what it does and achieves."""

from shiheng.lines.oversight.registers import people, work

__all__ = ["people", "work"]
