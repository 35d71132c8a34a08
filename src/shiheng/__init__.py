"""市衡 Shiheng: the open platform a city or district market-supervision bureau runs on."""

__version__ = "0.1.0"
