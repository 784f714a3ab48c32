from django.urls import path

from hosting import views

app_name = "hosting"
urlpatterns = [path("", views.front, name="front")]
