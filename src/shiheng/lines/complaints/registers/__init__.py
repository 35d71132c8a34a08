"""Registers of consumers: what businesses promise, where consumers are served, what the stations see and settle."""

from shiheng.lines.complaints.registers import actions, alerts, promises, stations

__all__ = ["actions", "alerts", "promises", "stations"]
