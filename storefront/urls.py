from django.urls import path

from storefront import crawlers, following, views

app_name = "storefront"
urlpatterns = [
    path("", views.home, name="home"),
    path("kategori/<slug:slug>/", views.category, name="category"),
    path("cari/", views.search, name="search"),
    path("produk/<slug:slug>/", views.product, name="product"),
    path("keranjang/", views.cart, name="cart"),
    path("keranjang/tambah/", views.cart_add, name="cart_add"),
    path("keranjang/ubah/", views.cart_change, name="cart_change"),
    path("checkout/", views.checkout, name="checkout"),
    path("bayar/<str:code>/", following.pay, name="pay"),
    path("pesanan/<str:token>/", following.order, name="order"),
    path("pesanan/<str:token>/lagi/", following.order_again, name="order_again"),
    path("akun/pesanan/", following.orders, name="orders"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
]
