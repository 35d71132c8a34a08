from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.site"
    label = "site_room"
    verbose_name = "站点"
