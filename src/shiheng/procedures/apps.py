from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.procedures"
    label = "procedures"
    verbose_name = "办理"
    default_auto_field = "django.db.models.BigAutoField"
