"""Every step from every state: what is allowed happens, what is not changes nothing."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from tenants import lifecycle
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Cooperative

STATES = ["preparing", "open", "suspended", "closed", "purging"]
STEPS = {
    "open": lifecycle.open_shop,
    "suspend": lifecycle.suspend,
    "reopen": lifecycle.reopen,
    "close": lifecycle.close,
    "return": lifecycle.return_to_preparing,
    "purge": lifecycle.begin_purge,
}
LEADS = {
    ("preparing", "open"): "open",
    ("preparing", "close"): "closed",
    ("open", "suspend"): "suspended",
    ("open", "close"): "closed",
    ("suspended", "reopen"): "open",
    ("suspended", "close"): "closed",
    ("closed", "return"): "preparing",
    ("closed", "purge"): "purging",
}


def take(step, cooperative, now, reason="karena"):
    why = {"reason": reason} if step in ("suspend", "close") else {}
    return STEPS[step](cooperative_id=cooperative.pk, by="op@platform.example", now=now, **why)


def row(cooperative):
    return Cooperative.objects.filter(pk=cooperative.pk).values().get()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_where_the_table_says_or_nowhere(batik, now, state, step):
    Cooperative.objects.filter(pk=batik.pk).update(state=state, state_reason="dulu", state_since=now)
    before, later = row(batik), now + timedelta(hours=1)
    if (state, step) not in LEADS:
        with pytest.raises(lifecycle.Refused) as refused:
            take(step, batik, later)
        assert (refused.value.step, refused.value.state) == (step, state)
        assert row(batik) == before
        return
    returned = take(step, batik, later)
    reason = "karena" if step in ("suspend", "close") else ""
    assert row(batik) == {**before, "state": LEADS[state, step], "state_since": later, "state_reason": reason}
    assert returned.state == LEADS[state, step]


@pytest.mark.parametrize("step", ["suspend", "close"])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nobody_is_stopped_without_a_reason(batik, now, step, reason):
    before = row(batik)
    with pytest.raises(lifecycle.ReasonMissing):
        take(step, batik, now, reason=reason)
    assert row(batik) == before


@pytest.mark.parametrize("step", STEPS)
def test_the_platforms_own_row_has_no_lifecycle(db, now, step):
    platform = Cooperative.objects.get(schema_name="public")
    before = row(platform)
    with pytest.raises((lifecycle.Refused, Cooperative.DoesNotExist)):
        take(step, platform, now)
    assert row(platform) == before


def test_a_cooperative_that_is_moving_house_stays_as_it_is(batik, now):
    Cooperative.objects.filter(pk=batik.pk).update(moving_to="second")
    before = row(batik)
    with pytest.raises(lifecycle.Refused) as refused:
        take("suspend", batik, now)
    assert (refused.value.state, row(batik)) == ("moving", before)


def test_of_eight_who_act_at_once_one_wins(own_cooperative, now):
    def suspend():
        try:
            return take("suspend", own_cooperative, now).state
        except lifecycle.Refused as error:
            return f"refused, {error.state}"

    with in_tenant(own_cooperative), TenantExecutor(max_workers=8) as crowd:
        told = [future.result() for future in [crowd.submit(suspend) for _ in range(8)]]
    assert sorted(told) == ["refused, suspended"] * 7 + ["suspended"]


def test_living_are_those_whose_jobs_run(batik):
    found = {}
    for state in STATES:
        Cooperative.objects.filter(pk=batik.pk).update(state=state)
        found[state] = Cooperative.objects.living().filter(pk=batik.pk).exists()
    assert found == {"preparing": True, "open": True, "suspended": False, "closed": False, "purging": False}
    assert not Cooperative.objects.living().filter(schema_name="public").exists()


def test_the_command_closes_with_a_reason_and_takes_it_back(batik, capsys):
    with pytest.raises(CommandError, match="--reason"):
        call_command("close_cooperative", cooperative="batik-lasem")
    assert row(batik)["state"] == "open"
    call_command("close_cooperative", cooperative="batik-lasem", reason="RAT memutuskan bubar")
    assert (row(batik)["state"], row(batik)["state_reason"]) == ("closed", "RAT memutuskan bubar")
    assert "may be purged from" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot close a cooperative that is closed"):
        call_command("close_cooperative", cooperative="batik-lasem", reason="lagi")
    call_command("close_cooperative", cooperative="batik-lasem", undo=True)
    assert row(batik)["state"] == "preparing"
    with pytest.raises(CommandError, match="no cooperative"):
        call_command("close_cooperative", cooperative="nobody", reason="x")
