"""What a benchmark says: a figure, what it is compared with, and whether the claim stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """``ours`` against ``other`` (a peer's figure or a limit). ``at_least`` is the ratio that must be reached."""

    title: str
    ours: float
    other: float
    unit: str
    at_least: float = 1.0
    more_is_better: bool = True

    @property
    def ratio(self) -> float:
        """How many times better than ``other``; above 1 is better, whichever way the unit counts."""
        over, under = (self.ours, self.other) if self.more_is_better else (self.other, self.ours)
        return over / under if under else float("inf")

    @property
    def kept(self) -> bool:
        return self.ratio >= self.at_least

    def __str__(self) -> str:
        verdict = "kept" if self.kept else f"MISSED (at least {self.at_least:g})"
        return (
            f"{self.title}: {self.ours:,.4g} {self.unit} against {self.other:,.4g}; ratio {self.ratio:.2f}  {verdict}"
        )
