"""The machine interface ``/api/v1/``: one description of all rooms, each adding its own router here.

A room keeps ``api.py`` with a ``router``; it is named below as text, so that loading this module loads no room early.
"""

from shiheng import __version__
from shiheng.site.interface import Page
from shiheng.ui.api import make

api = make(
    title="市衡 Shiheng",
    version="1",
    description=f"市衡 {__version__} 的接口：查主体、看批次、取存证。错误一律为 application/problem+json。",
    namespace="api",
    docs=Page(),
)

# One call ``api.add_router("/<room>/", "shiheng.<room>.api.router", tags=["…"])`` a room, from the lowest floor up.
api.add_router("/desk/powers", "shiheng.catalogue.powers.api.router")
api.add_router("/desk/subjects", "shiheng.subjects.api.router")
api.add_router("/desk/growth", "shiheng.subjects.growth_api.router")
api.add_router("/desk/registers", "shiheng.registers.api.router")
api.add_router("/subjects", "shiheng.publication.api.router")
api.add_router("/open-data", "shiheng.publication.opendata.api.router")
api.add_router("/exchange", "shiheng.publication.exchange.api.router")
api.add_router("/match", "shiheng.publication.exchange.matching_api.router")
