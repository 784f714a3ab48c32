from django.apps import AppConfig
from django.core.checks import Tags, register

from coop_shop.demo.checks import demo_stays_home


class DemoConfig(AppConfig):
    name = "coop_shop.demo"
    label = "demo"

    def ready(self) -> None:
        register(demo_stays_home, Tags.security)
