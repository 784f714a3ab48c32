from django.urls import path

from marketplaces import webhooks

app_name = "marketplaces"
urlpatterns = [path("shopee/", webhooks.receive, {"channel": "shopee"}, name="shopee")]
