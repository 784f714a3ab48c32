from django.urls import path

from payments import webhooks

app_name = "payments"
urlpatterns = [
    path("stripe/<uuid:uid>/", webhooks.receive, {"provider": "stripe"}, name="stripe_hook"),
]
