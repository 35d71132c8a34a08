from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.catalogue"
    label = "catalogue"
    verbose_name = "目录"
    default_auto_field = "django.db.models.BigAutoField"
