from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Platform"  # what operators read above their lists, in both languages

    def ready(self) -> None:
        autodiscover_modules("checks")
