from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.accounts"
    label = "accounts"
    verbose_name = "人员与机构"
    default_auto_field = "django.db.models.BigAutoField"
