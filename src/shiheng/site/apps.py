from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.site"
    label = "site_room"
    verbose_name = "站点"

    def ready(self) -> None:
        """Runs after every room is installed: sets the clock, then loads what nobody imports."""
        from shiheng.site import checks, loading, menus, timekeeping  # noqa: F401 - these register themselves

        timekeeping.install()
        loading.load_lines()
        loading.load_sources()
        loading.load_rooms()
