"""Registers of credit: honours of earlier years, commitments and sector rules, incentives, files of parks."""

from shiheng.lines.credit.registers import commitments, honours, incentives

__all__ = ["commitments", "honours", "incentives"]
