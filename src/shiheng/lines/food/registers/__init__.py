"""Registers of food: wet markets with all that hangs on them, small makers, canteens, who is banned, what failed."""

from shiheng.lines.food.registers import markets, safety

__all__ = ["markets", "safety"]
