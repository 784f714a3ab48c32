"""What kept pages read is what is watched."""

import re

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tenants import freshness
from tenants.context import in_tenant
from tests.browsing import Browser
from tests.matrix.expected import SHOP_URLS, For, address, views

KEPT = {"storefront:home", "storefront:category", "storefront:search", "storefront:product"}
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')


def test_kept_pages_ask_no_table_whose_changes_nobody_says(two_shops, pages_are_kept, monkeypatch):
    """Walks every public address of the resolver, so a new page is held against the list of tables as well."""
    kopi, _batik = two_shops
    kept = []
    monkeypatch.setattr(freshness, "keep", lambda key, page, seconds: kept.append(key))
    names = set()
    for view in views(SHOP_URLS):
        if view.needs or view.audience != For.ANYONE:
            continue
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            with in_tenant(kopi.cooperative):
                path = address(view, kopi)
            Browser(raise_request_exception=False).get(path)
            transaction.set_rollback(True)
        if kept:
            names.add(view.name)
            kept.clear()
            asked = {table for query in captured.captured_queries for table in TABLE.findall(query["sql"])}
            assert asked.isdisjoint(freshness.UNSEEN), view.name
    assert names >= KEPT
