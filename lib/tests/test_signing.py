import pytest

from lib import signing
from tenants.context import in_tenant


def test_a_token_means_nothing_to_another_cooperative_or_for_another_purpose(kopi, batik):
    token = signing.sign({"order": 1}, purpose="invite")
    assert signing.unsign(token, purpose="invite") == {"order": 1}
    with pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="reset")
    with in_tenant(batik), pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="invite")


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", "\x00"])
def test_what_is_no_token_is_refused(kopi, token):
    with pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="invite")
