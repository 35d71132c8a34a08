from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.publication"
    label = "publication"
    verbose_name = "公示"
    default_auto_field = "django.db.models.BigAutoField"
