"""The few figures that matter, and two pictures. A handful of queries, whatever the number of cooperatives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants import versions, visiting
from tenants.models import Application, Backup, Cooperative, Pulse

BACKUP_IS_OLD = timedelta(hours=36)
PULSE_IS_OLD = timedelta(hours=1)
DAYS = 30
State = Cooperative.State


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number, what it counts, where the rows are, and whether somebody should look. `tone` is never said by colour
    alone: a figure that needs somebody has a mark and a word."""

    name: str | Promise
    value: int | str
    address: str
    needs_somebody: bool = False


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of a chart, in the units of its viewBox."""

    x: int
    y: int
    width: int
    height: int
    label: str
    value: int


def context(*, now: datetime) -> dict[str, Any]:
    """Everything that the first page shows."""
    states = dict(Cooperative.objects.shops().order_by().values_list("state").annotate(Count("pk")))
    return {
        "figures": _figures(now, states),
        "states": [(state.label, states.get(state.value, 0)) for state in State],
        "bars": bars(_new_per_day(now)),
        "visits": visiting.living(now=now).select_related("cooperative").order_by("ends_at")[:20],
    }


def bars(days: list[tuple[str, int]], *, width: int = 600, height: int = 120) -> list[Bar]:
    """Days and their numbers as bars that fill `width` by `height`; a day with none has a line of one unit."""
    most = max((number for _day, number in days), default=0) or 1
    step = width // max(1, len(days))
    return [
        Bar(
            x=index * step + 1,
            y=height - max(1, round(number / most * height)),
            width=max(1, step - 2),
            height=max(1, round(number / most * height)),
            label=day,
            value=number,
        )
        for index, (day, number) in enumerate(days)
    ]


def _figures(now: datetime, states: dict[str, int]) -> list[Figure]:
    shops = Cooperative.objects.shops()
    living = shops.exclude(state__in=(State.CLOSED, State.PURGING))
    behind = sum(versions.is_behind(version) for version in living.values_list("schema_version", flat=True))
    pulse = Pulse.objects.filter(cooperative__in=living).aggregate(
        lag=Max("lag_s"),
        failing=Count("pk", filter=Q(failures__gt=0)),
        drifting=Count("pk", filter=Q(drift__gt=0)),
        broken=Count("pk", filter=Q(broken__gt=0)),
    )
    long_open = living.filter(state=State.OPEN, state_since__lt=now - PULSE_IS_OLD)
    silent = long_open.exclude(pulse__at__gt=now - PULSE_IS_OLD).count()
    safe = Backup.objects.filter(began_at__gt=now - BACKUP_IS_OLD, error="", ended_at__isnull=False)
    unsafe = living.filter(created_at__lt=now - BACKUP_IS_OLD).exclude(pk__in=safe.values("cooperative")).count()
    unproven = Backup.objects.filter(began_at__gt=now - BACKUP_IS_OLD).exclude(error="", proof_error="").count()
    waiting = Application.objects.filter(state=Application.State.WAITING).count()
    shop_list, health = _list("cooperative"), _list("pulse")
    return [
        Figure(name=_("toko buka"), value=states.get(State.OPEN, 0), address=f"{shop_list}?state__exact=open"),
        Figure(
            name=_("permohonan menunggu"),
            value=waiting,
            address=f"{_list('application')}?state__exact=waiting",
            needs_somebody=waiting > 0,
        ),
        Figure(
            name=_("antrean terlama (detik)"),
            value=pulse["lag"] or 0,
            address=health,
            needs_somebody=(pulse["lag"] or 0) > 900,
        ),
        Figure(
            name=_("koperasi dengan kegagalan"),
            value=pulse["failing"],
            address=health,
            needs_somebody=pulse["failing"] > 0,
        ),
        Figure(name=_("koperasi dengan selisih kanal"), value=pulse["drifting"], address=health),
        Figure(
            name=_("koperasi dengan invarian rusak"),
            value=pulse["broken"],
            address=health,
            needs_somebody=pulse["broken"] > 0,
        ),
        Figure(name=_("toko tanpa kabar satu jam"), value=silent, address=health, needs_somebody=silent > 0),
        Figure(name=_("skema tertinggal dari kode"), value=behind, address=shop_list, needs_somebody=behind > 0),
        Figure(name=_("tanpa cadangan 36 jam"), value=unsafe, address=_list("backup"), needs_somebody=unsafe > 0),
        Figure(name=_("cadangan gagal"), value=unproven, address=_list("backup"), needs_somebody=unproven > 0),
    ]


def _new_per_day(now: datetime) -> list[tuple[str, int]]:
    first = (now - timedelta(days=DAYS - 1)).date()
    made = Cooperative.objects.shops().filter(created_at__date__gte=first)
    counted = dict(made.order_by().values_list(TruncDate("created_at")).annotate(Count("pk")))
    days = [first + timedelta(days=each) for each in range(DAYS)]
    return [(f"{day:%d-%m}", counted.get(day, 0)) for day in days]


def _list(model: str) -> str:
    return reverse(f"admin:tenants_{model}_changelist")
