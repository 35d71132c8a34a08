"""The machine interface ``/api/v1/``: one description of all rooms, each adding its own router here."""

from ninja import NinjaAPI

from shiheng import __version__

api = NinjaAPI(
    title="市衡 Shiheng",
    version="1",
    description=f"市衡 {__version__} 的接口：查主体、看批次、取存证。错误一律为 application/problem+json。",
    urls_namespace="api",
)
