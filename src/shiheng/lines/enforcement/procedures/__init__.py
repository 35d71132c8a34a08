"""Penalty cases: by the ordinary procedure, and on the spot by the summary one."""

from shiheng.lines.enforcement.procedures import case, session, summary

__all__ = ["case", "session", "summary"]
