"""A cooperative's site. Indonesian at the root, English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from storefront import files
from storefront.views import face

handler404 = "storefront.views.errors.not_found"
handler500 = "storefront.views.errors.broken"
urlpatterns = [
    path("media/<path:name>", files.media, name="media"),
    path("theme-<slug:name>.css", face.theme, name="theme"),
    path("ikon-<slug:kind>-<slug:digest>.png", face.icon, name="icon"),
    path("pekerja.js", face.service_worker, name="service_worker"),
    path("hooks/", include("payments.urls")),
    *i18n_patterns(
        path("", include("storefront.urls")),
        path("kelola/", include("backoffice.urls")),
        path("kunjungan/", include("backoffice.urls_visiting")),
        path("akun/", include("accounts.urls")),
        prefix_default_language=False,
    ),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("coop_shop.demo.urls")))
