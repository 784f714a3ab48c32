"""The way in and out for an operator on a visit. Officers read about it at backoffice:visits."""

from django.urls import path

from backoffice.views import visits

app_name = "visiting"
urlpatterns = [
    path("mulai/", visits.begin, name="begin"),
    path("selesai/", visits.end, name="end"),
]
