from django.urls import path

from backoffice.views import channels, home, members, orders, own, payments, products

app_name = "backoffice"
urlpatterns = [
    path("", home.home, name="home"),
    path("pesanan/", orders.orders, name="orders"),
    path("pesanan/ekspor.csv", orders.export, name="orders_export"),
    path("pesanan/<slug:code>/", orders.order, name="order"),
    path("pesanan/<slug:code>/kemas/", orders.pack, name="order_pack"),
    path("pesanan/<slug:code>/kirim/", orders.ship, name="order_ship"),
    path("pesanan/<slug:code>/sampai/", orders.deliver, name="order_deliver"),
    path("pesanan/<slug:code>/selesai/", orders.complete, name="order_complete"),
    path("pesanan/<slug:code>/batal/", orders.cancel, name="order_cancel"),
    path("pesanan/<slug:code>/beres/", orders.solve, name="order_solve"),
    path("pembayaran/", payments.transfers, name="transfers"),
    path("pembayaran/cara/", payments.gateways, name="gateways"),
    path("pembayaran/cara/transfer/", payments.set_transfer, name="gateway_transfer"),
    path("pembayaran/cara/stripe/", payments.set_stripe, name="gateway_stripe"),
    path("pembayaran/cara/<int:pk>/tutup/", payments.close, name="gateway_close"),
    path("pembayaran/<slug:reference>/", payments.transfer, name="transfer"),
    path("produk/", products.products, name="products"),
    path("produk/<int:pk>/", products.product, name="product"),
    path("produk/<int:pk>/stok/<int:variant_pk>/", products.count, name="product_count"),
    path("produk/<int:pk>/kanal/<int:connection_pk>/pasang/", products.list_on_channel, name="product_list"),
    path("produk/<int:pk>/kanal/<int:connection_pk>/turunkan/", products.unlist, name="product_unlist"),
    path("produk/<int:pk>/kanal/<int:connection_pk>/ulangi/", products.retry, name="product_retry"),
    path("kanal/", channels.channels, name="channels"),
    path("kanal/shopee/sambung/", channels.connect_shopee, name="shopee_connect"),
    path("kanal/shopee/kembali/", channels.shopee_return, name="shopee_return"),
    path("kanal/<int:pk>/putus/", channels.disconnect, name="channel_disconnect"),
    path("kanal/<int:pk>/kategori/", channels.categories, name="channel_categories"),
    path("kanal/<int:pk>/kategori/<int:category_pk>/", channels.category, name="channel_category"),
    path("anggota/", members.members, name="members"),
    path("saya/", own.products, name="own_products"),
    path("saya/penjualan/", own.sales, name="own_sales"),
    path("saya/laporan/", own.statement, name="own_statement"),
]
