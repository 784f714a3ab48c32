"""Whatever is due and not done is offered (again)."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import due, sweeping, turns
from tenants.context import in_tenant
from tenants.models import Cooperative, Due
from tenants.tests.ringing import store, waiting

SECOND = timedelta(seconds=1)


def sweep(now):
    """What the sweep offered."""
    store().flushdb()
    number = sweeping.sweep(now=now)
    assert number == len(waiting())
    return waiting()


def test_the_sweep_offers_once_for_many_notes_and_again_until_the_work_is_done(kopi, bells, now):
    push = (kopi.schema_name, "push")
    for _ in range(3):
        due.note("push", now=now)
    assert [sweep(now), sweep(now), sweep(now + due.AGAIN - SECOND)] == [{push}, set(), set()]
    later = now + due.AGAIN
    assert sweep(later) == {push}
    with due.working("push", now=later + SECOND):
        pass
    assert sweep(later + timedelta(hours=1)) == set()
    assert Due.objects.count() == 0


def test_work_for_later_is_offered_when_its_time_comes(kopi, bells, now):
    due.note("expire", now=now, at=now + timedelta(hours=1))
    assert sweep(now) == set()
    assert sweep(now + timedelta(hours=1)) == {(kopi.schema_name, "expire")}


def test_a_standing_order_is_offered_period_after_period(kopi, bells, now):
    due.keep("pull", every=60, now=now)
    offered = []
    for second in range(0, 300, 5):
        moment = now + timedelta(seconds=second)
        for schema, kind in sweep(moment):
            offered.append((schema, kind))
            with due.working(kind, now=moment):
                pass
    assert offered == [(kopi.schema_name, "pull")] * 5


@pytest.mark.parametrize(
    "is_so",
    [
        {"state": "suspended"}, {"state": "closed"}, {"state": "purging"}, {"moving_to": "second"},
        {"schema_version": "0001-0000000000"}, {"schema_version": ""},
    ],
    ids=str,
)  # fmt: skip
def test_the_work_of_a_cooperative_in_which_nobody_may_work_waits_untouched(kopi, bells, now, is_so):
    due.note("push", now=now)
    before = Cooperative.objects.filter(pk=kopi.pk).values("state", "moving_to", "schema_version").get()
    Cooperative.objects.filter(pk=kopi.pk).update(**is_so)
    assert sweep(now) == set()
    assert (bells, Due.objects.values_list("at", "rung_at").get()) == ([], (now, None))
    Cooperative.objects.filter(pk=kopi.pk).update(**before)
    assert sweep(now) == {(kopi.schema_name, "push")}


def test_newer_schemas_and_shops_in_preparation_have_their_work_done(kopi, batik, bells, now):
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version="9999-0000000000")
    Cooperative.objects.filter(pk=batik.pk).update(state="preparing")
    for shop in (kopi, batik):
        with in_tenant(shop):
            due.note("push", now=now)
    assert sweep(now) == {(kopi.schema_name, "push"), (batik.schema_name, "push")}


def test_one_cooperative_with_very_many_notes_keeps_nobody_out_of_a_small_sweep(kopi, batik, bells, now):
    long_ago = now - timedelta(hours=1)
    Due.objects.bulk_create(Due(cooperative=kopi, kind="push", at=long_ago) for _ in range(600))
    with in_tenant(batik):
        due.note("push", now=now)
    assert sweeping.sweep(now=now, limit=2) == 2
    assert waiting() == {(kopi.schema_name, "push"), (batik.schema_name, "push")}
    assert Due.objects.filter(at__lte=now).count() == 0


def test_what_a_small_sweep_leaves_over_is_in_the_next(kopi, bells, now):
    for number, kind in enumerate(("push", "pull", "settle")):
        due.note(kind, now=now + number * SECOND)
    late = now + 5 * SECOND
    found = []
    for _ in range(3):
        store().flushdb()
        sweeping.sweep(now=late, limit=1)
        found += [kind for _, kind in waiting()]
    assert found == ["push", "pull", "settle"]


def test_with_redis_away_nothing_counts_as_offered(kopi, bells, now, settings, monkeypatch):
    due.note("push", now=now)
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    assert sweeping.sweep(now=now) == 0
    assert Due.objects.get().at == now
    settings.REDIS_URL = there
    monkeypatch.setattr(turns, "_away", turns._Away())
    assert sweep(now) == {(kopi.schema_name, "push")}


def test_the_sweep_rings_for_those_whose_bell_was_lost(kopi, bells, now):
    turns.offer([(kopi.schema_name, "push")])
    bells.clear()
    assert sweeping.sweep(now=now) == 0
    assert bells == ["bells"]


def test_due_work_is_found_by_index_among_a_thousand_cooperatives(db, bells, now):
    """A hundred thousand rows, half of them due and of cooperatives that do not live: they cost the sweep nothing."""
    connection.set_schema_to_public()
    shops = Cooperative.objects.bulk_create(
        Cooperative(slug=f"uji-{n}", name="Uji", state="suspended" if n % 2 else "open", schema_version="9999-a")
        for n in range(1000)
    )
    rows = []
    for n, shop in enumerate(shops):
        at = now - timedelta(hours=1) if n % 2 else now + timedelta(hours=1)
        rows += [Due(cooperative=shop, kind=kind, at=at) for kind in ("push", "messages") for _ in range(50)]
    rows += [Due(cooperative=shops[n], kind="push", at=now) for n in range(0, 200, 2)]
    Due.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tenants_due")
        living = [shop.pk for shop in shops if shop.state == "open"]
        asked = {"kinds": ["push", "pull", "messages"], "now": now, "living": living, "limit": 2000}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sweeping.OLDEST}", asked)
        (plan,) = cursor.fetchone()
    plan = plan if isinstance(plan, list) else json.loads(plan)
    scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "tenants_due"]
    assert [(scan["Node Type"], "Seq" in scan["Node Type"]) for scan in scans] == [("Index Only Scan", False)]
    assert scans[0]["Actual Rows"] * scans[0]["Actual Loops"] <= 110
    with CaptureQueriesContext(connection) as queries:
        assert sweeping.sweep(now=now) == 100
    assert len(queries) <= 6


def nodes(plan):
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def test_every_living_cooperative_gets_its_upkeep_once_and_not_all_in_one_second(kopi, batik, bells, now):
    Cooperative.objects.filter(pk=batik.pk).update(state="closed")
    number = Cooperative.objects.living().count()
    assert [sweeping.want_upkeep(now=now), sweeping.want_upkeep(now=now)] == [number, 0]
    order = Due.objects.get(cooperative=kopi, kind="upkeep")
    assert (order.every, now <= order.at < now + timedelta(hours=1)) == (86_400, True)
    assert not Due.objects.filter(cooperative=batik).exists()
    spread = {sweeping._within(Cooperative(slug=f"uji-{n}"), 3600) for n in range(100)}
    assert len(spread) > 90


def test_upkeep_is_bounded_in_each_run(kopi, batik, bells, now):
    assert sweeping.want_upkeep(now=now, limit=1) == 1
    assert Due.objects.count() == 1
