"""How a shop looks and whether somebody is there: what the frame of every page needs of its cooperative."""

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import dates, timezone
from django.utils.functional import cached_property

from lib import colours
from pages import icons, palette
from tenants import opening_hours
from tenants.models import Cooperative


class Face:
    """Of one cooperative, for one request. Asks the database nothing."""

    def __init__(self, cooperative: Cooperative) -> None:
        self._cooperative = cooperative

    @cached_property
    def theme(self) -> str:
        """Where the stylesheet of the chosen colour is; "" where the theme's own colours do."""
        colour = self._cooperative.colour
        return theme_path(colour) if colours.WRITTEN.fullmatch(colour) else ""

    @cached_property
    def colour(self) -> str:
        return icons.colour_of(self._cooperative)

    @cached_property
    def favicon(self) -> str:
        return self._icon("48")

    @cached_property
    def touch_icon(self) -> str:
        return self._icon("180")

    @cached_property
    def now(self) -> opening_hours.Standing | None:
        """Whether somebody is in the office at this moment."""
        return opening_hours.standing(self._cooperative, now=timezone.now())

    @property
    def closes(self) -> time | None:
        """On the cooperative's clock: a template would put a moment into its own zone."""
        return self.now.changes_at.time() if self.now and self.now.is_open and self.now.changes_at else None

    @cached_property
    def opens(self) -> dict[str, Any] | None:
        """When the office opens again, in words' parts; None where nobody knows."""
        moment = self.now and not self.now.is_open and self.now.changes_at
        return _told(moment, timezone.now().astimezone(moment.tzinfo)) if moment else None

    @property
    def week(self) -> list[tuple[Any, Any]]:
        """Each day's name with its hours, or None for a day off; nothing where no hours are known."""
        hours = opening_hours.hours_of(self._cooperative)
        return [(dates.WEEKDAYS[int(day)], hours.get(day)) for day in opening_hours.DAYS] if hours else []

    def _icon(self, kind: str) -> str:
        return icon_path(kind, self._cooperative)


def theme_path(colour: str) -> str:
    return reverse("theme", args=[colour.removeprefix("#") + palette.digest(colour)])


def icon_path(kind: str, cooperative: Cooperative) -> str:
    return reverse("icon", args=[kind, icons.digest(cooperative)])


def saves_data(request: HttpRequest) -> bool:
    """Whether the visitor's phone asks for less (the header that browsers send when data saving is on)."""
    return bool(request.headers.get("Save-Data", "").strip().lower() == "on")


def _told(moment: datetime, now: datetime) -> dict[str, Any]:
    days = (moment.date() - now.date()).days
    is_date = days > 6 or moment.time() == time()  # a whole day on which nobody has said any hours
    weekday = dates.WEEKDAYS[moment.weekday()]
    return {"time": moment.time(), "date": moment.date(), "days": days, "weekday": weekday, "is_date": is_date}
