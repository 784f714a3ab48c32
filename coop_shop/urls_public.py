"""The platform's own host: its front page, the operator console, and the pushes of marketplaces."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from hosting.admin import console

urlpatterns = [
    path("hooks/", include("marketplaces.urls")),
    *i18n_patterns(
        path("operator/", console.urls),
        path("", include("hosting.urls")),
        path("akun/", include("accounts.urls")),
        path("akun/langkah-kedua/", include("accounts.urls_second_factor")),
        prefix_default_language=False,
    ),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("coop_shop.demo.urls")))
