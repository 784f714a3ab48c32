from django.db import connection

from inventory.models import Stock


def test_a_test_stands_in_its_cooperative(kopi):
    assert connection.schema_name == kopi.schema_name
    assert Stock.objects.count() == 0
