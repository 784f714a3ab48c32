from django.urls import path

from marketplaces import webhooks

app_name = "marketplaces"
urlpatterns = [path("shopee/", webhooks.shopee, name="shopee")]
