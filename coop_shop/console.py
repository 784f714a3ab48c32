"""How the operator's console looks: the menu, the colours."""

from django.urls import reverse_lazy
from django.utils.translation import pgettext_lazy


def _item(title: object, icon: str, address: str) -> dict[str, object]:
    return {"title": title, "icon": icon, "link": reverse_lazy(address)}


UNFOLD = {  # the operator's console, on the platform's host only
    "SITE_TITLE": "Coop Shop",
    "SITE_HEADER": "Coop Shop",
    "SITE_SYMBOL": "storefront",
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {  # green as the shops are, dark enough for white letters on 600
            "50": "oklch(97.9% .021 166.1)",
            "100": "oklch(95% .052 163.1)",
            "200": "oklch(90.5% .093 164.2)",
            "300": "oklch(84.5% .143 165)",
            "400": "oklch(76.5% .177 163.2)",
            "500": "oklch(59.6% .145 163.2)",
            "600": "oklch(48% .11 165.6)",
            "700": "oklch(43.2% .095 166.9)",
            "800": "oklch(37.8% .077 168.9)",
            "900": "oklch(32% .065 170)",
            "950": "oklch(26.2% .051 172.6)",
        }
    },
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    _item(pgettext_lazy("menu", "Ringkasan"), "dashboard", "admin:index"),
                    _item(pgettext_lazy("menu", "Permohonan"), "inbox", "admin:tenants_application_changelist"),
                    _item(pgettext_lazy("menu", "Koperasi"), "storefront", "admin:tenants_cooperative_changelist"),
                    _item(pgettext_lazy("menu", "Alamat"), "language", "admin:tenants_domain_changelist"),
                    _item(pgettext_lazy("menu", "Klaim domain"), "verified", "admin:tenants_domainclaim_changelist"),
                    _item(pgettext_lazy("menu", "Kesehatan"), "monitor_heart", "admin:tenants_pulse_changelist"),
                    _item(pgettext_lazy("menu", "Cadangan"), "backup", "admin:tenants_backup_changelist"),
                    _item(pgettext_lazy("menu", "Pekerjaan"), "schedule", "admin:tenants_due_changelist"),
                    _item(pgettext_lazy("menu", "Kunjungan"), "visibility", "admin:tenants_visit_changelist"),
                    _item(pgettext_lazy("menu", "Sakelar"), "toggle_on", "admin:tenants_switch_changelist"),
                    _item(pgettext_lazy("menu", "Operator"), "group", "admin:hosting_operator_changelist"),
                    _item(pgettext_lazy("menu", "Riwayat"), "history", "admin:admin_logentry_changelist"),
                ]
            }
        ]
    },
}
