from django.urls import path, register_converter

from storefront import crawlers, following
from storefront.views import (
    asking,
    cart,
    checkout,
    face,
    feeds,
    finding,
    home,
    pages,
    producers,
    product,
    reviewing,
    sharing,
)


class Code:
    """An order's code (lib/codes.py); anything else is no address of ours."""

    regex = "[0-9A-Za-z]{4,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Token(Code):
    """A link that nobody can guess."""

    regex = "[0-9A-Za-z_-]{16,32}"


register_converter(Code, "code")
register_converter(Token, "token")

app_name = "storefront"
urlpatterns = [
    path("", home.home, name="home"),
    path("kategori/<slug:slug>/", finding.category, name="category"),
    path("cari/", finding.search, name="search"),
    path("produk/<slug:slug>/", product.product, name="product"),
    path("produk/<slug:slug>/ulasan/", reviewing.reviews, name="reviews"),
    path("produk/<slug:slug>/kartu.jpg", sharing.share_image, name="share_image"),
    path("produsen/", producers.producers, name="producers"),
    path("produsen/<int:pk>/<slug:slug>/", producers.producer, name="producer"),
    path("keranjang/", cart.cart, name="cart"),
    path("keranjang/tambah/", cart.cart_add, name="cart_add"),
    path("keranjang/ubah/", cart.cart_change, name="cart_change"),
    path("keranjang/nanti/", cart.cart_later, name="cart_later"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("bayar/<code:code>/", following.pay, name="pay"),
    path("pesanan/<token:token>/", following.order, name="order"),
    path("pesanan/<token:token>/lagi/", following.order_again, name="order_again"),
    path("pesanan/<token:token>/ulasan/<int:pk>/", reviewing.review, name="review"),
    path("tanya/", asking.ask, name="ask"),
    path("tanya/<token:token>/", asking.question, name="question"),
    path("akun/pesanan/", following.orders, name="orders"),
    path("halaman/", pages.pages, name="pages"),
    path("halaman/<slug:slug>/", pages.page, name="page"),
    path("luring/", face.offline, name="offline"),
    path("manifest.webmanifest", face.manifest, name="manifest"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-lain.xml", crawlers.sitemap_others, name="sitemap_others"),
    path("sitemap-produk-<int:first>.xml", crawlers.sitemap_products, name="sitemap_products"),
    path("umpan/google.xml", feeds.google, name="feed_google"),
    path("umpan/meta.xml", feeds.meta, name="feed_meta"),
]
