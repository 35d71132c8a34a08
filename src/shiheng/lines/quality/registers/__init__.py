"""Registers of quality: who is watched closely, what was awarded and certified, instruments, standards, recalls."""

from shiheng.lines.quality.registers import measuring, merits, objects

__all__ = ["measuring", "merits", "objects"]
