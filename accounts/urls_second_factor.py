"""The second factor, on the platform's host. The names are allauth's, which it looks up itself."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

urlpatterns = [
    path("", base.index, name="mfa_index"),
    path("", base.index, name="mfa_deactivate_totp"),  # nobody removes their own: it leads back here
    path("kode/", base.authenticate, name="mfa_authenticate"),
    path("kode-lagi/", base.reauthenticate, name="mfa_reauthenticate"),
    path("pasang/", totp.activate_totp, name="mfa_activate_totp"),
    path("cadangan/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("cadangan/baru/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
