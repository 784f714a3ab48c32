"""Allauth's own views under Indonesian addresses. The names are allauth's, which it looks up itself.

There are no passwords, so its pages about passwords are not here.
"""

from allauth.account import views as allauth
from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("", views.home, name="account_email"),
    path("masuk/", allauth.request_login_code, name="account_login"),
    path("masuk/", allauth.request_login_code, name="account_request_login_code"),
    path("masuk/kode/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("daftar/", allauth.signup, name="account_signup"),
    path("daftar/kode/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("keluar/", allauth.logout, name="account_logout"),
    path("nonaktif/", allauth.account_inactive, name="account_inactive"),
]
