"""Hostile uploads are refused with a reason, nothing of them is stored, and memory stays what it was."""

import gc
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from catalog import photos
from catalog.models import Picture
from catalog.tests.hostile_photos import FILES, ONLY_BY_THE_DECODER
from lib.photo_files import read, redraw
from tenants.models import Due
from tests import make

MEGABYTE = 1024
STATUS, FORGET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def in_status(name: str) -> int:
    """Kilobytes."""
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith(name))


def test_there_are_enough_of_them():
    assert len(FILES) >= 60


@pytest.mark.parametrize("kind", FILES)
def test_it_is_refused_with_a_reason(kind):
    name, data, reason = FILES[kind]
    with pytest.raises(photos.BadPhoto, match=reason):
        redraw(data, name=name)


def test_hardly_any_of_them_gets_as_far_as_a_decoder():
    passed = set()
    for kind, (name, data, _reason) in FILES.items():
        with suppress(photos.BadPhoto):
            read(data, name=name)
            passed.add(kind)
    assert passed == ONLY_BY_THE_DECODER


def test_ninety_hostile_files_leave_nothing_behind_and_take_less_than_200_mb(kopi):
    product = make.product()
    folder = Path(settings.MEDIA_ROOT) / kopi.uid.hex
    files, waiting = set(folder.rglob("*")), Due.objects.count()
    gc.collect()
    before = in_status("VmRSS")
    FORGET_PEAK.write_text("5")
    for name, data, _reason in FILES.values():
        with pytest.raises(photos.BadPhoto):
            photos.attach(product=product, data=data, alt="", now=make.NOW, name=name)
    assert (in_status("VmHWM") - before) / MEGABYTE < 200
    assert (in_status("VmRSS") - before) / MEGABYTE < 50
    assert not Picture.objects.exists()
    assert set(folder.rglob("*")) == files
    assert Due.objects.count() == waiting
