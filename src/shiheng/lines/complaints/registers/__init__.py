"""Registers of consumers: what businesses promise, where consumers are served, what the stations see and settle."""

from shiheng.lines.complaints.registers import actions, alerts, payments, promises, stations

__all__ = ["actions", "alerts", "payments", "promises", "stations"]
