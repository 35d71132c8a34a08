from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.services"
    label = "services"
    verbose_name = "公众窗口"
    default_auto_field = "django.db.models.BigAutoField"
