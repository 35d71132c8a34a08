"""Registers of intellectual property: marks and patents of the area, fame of earlier years, management, cultivation."""

from shiheng.lines.intellectual_property.registers import cultivation, rights

__all__ = ["cultivation", "rights"]
