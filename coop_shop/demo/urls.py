"""Included only where settings.DEMO is on."""

from django.urls import path

from coop_shop.demo import views

app_name = "demo"
urlpatterns = [
    path("masuk/<slug:role>/", views.log_in, name="login"),
    path("surat/", views.letters, name="letters"),
]
