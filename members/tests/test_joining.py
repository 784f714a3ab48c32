from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from members import joining
from members.models import Member
from tenants.context import in_tenant

DAY = date(2026, 11, 23)


def test_a_member_is_entered_once(kopi):
    joining.join(number="KG-001", name="Aman Dimot", on=DAY, email="Aman@kopi.example")
    with pytest.raises(joining.NumberTaken):
        joining.join(number="KG-001", name="Orang Lain", on=DAY, email="lain@kopi.example")
    assert list(Member.objects.values_list("number", "name", "user__email", "joined_date")) == [
        ("KG-001", "Aman Dimot", "aman@kopi.example", DAY)
    ]
    assert User.objects.count() == 1


def test_the_command_enters_into_the_named_cooperative_only(kopi, batik, capsys):
    call_command("add_member", cooperative="kopi-gayo", number="KG-001", name="Aman Dimot")
    assert capsys.readouterr().out == "KG-001 Aman Dimot joined Koperasi Kopi Gayo\n"
    with in_tenant(kopi):
        assert Member.objects.count() == 1
    with in_tenant(batik):
        assert Member.objects.count() == 0
    with pytest.raises(CommandError, match="taken"):
        call_command("add_member", cooperative="kopi-gayo", number="KG-001", name="Aman Dimot")
    with pytest.raises(CommandError, match="no cooperative"):
        call_command("add_member", cooperative="tidak-ada", number="KG-001", name="Aman Dimot")
