from django.apps import AppConfig


class Room(AppConfig):
    name = "shiheng.jobs"
    label = "jobs"
    verbose_name = "作业"
    default_auto_field = "django.db.models.BigAutoField"
