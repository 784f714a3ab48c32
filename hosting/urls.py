from django.urls import path

from hosting import signing_up, views

app_name = "hosting"
urlpatterns = [
    path("", views.front, name="front"),
    path("daftar/", signing_up.apply, name="apply"),
    path("daftar/alamat/", signing_up.suggest, name="suggest"),
    path("daftar/kode/", signing_up.apply_code, name="apply_code"),
    path("daftar/terima-kasih/", signing_up.applied, name="applied"),
]
