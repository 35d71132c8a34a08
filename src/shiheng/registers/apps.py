from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.registers"
    label = "registers"
    verbose_name = "名录"
    default_auto_field = "django.db.models.BigAutoField"
