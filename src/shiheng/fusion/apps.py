from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.fusion"
    label = "fusion"
    verbose_name = "归集融合"
    default_auto_field = "django.db.models.BigAutoField"
