"""Pages for people: look, buy, pay later, cancel; and what survives a restart."""

import re
import subprocess
import sys

import pytest

from simulators.shopee.app import serving
from simulators.shopee.settings import Settings
from simulators.shopee.tests.partner import HTTP, OTHER_SHOP, PARTNER_ID, PARTNER_KEY, PUSH_KEY, SHOP, Partner


def buy_on_page(partner, item_id: int, **form: object):
    form = {"model_id": 0, "quantity": 1, "payment": "now"} | form
    return HTTP.post(f"{partner.address}/item/{item_id}/", data=form)


def test_the_shop_page_shows_what_is_on_sale_with_picture_price_and_stock(partner):
    partner.add()
    hidden = partner.add(item_sku="X", item_name="Kopi Rahasia", item_status="UNLIST")
    page = HTTP.get(f"{partner.address}/shop/{SHOP}/").text
    assert "Kopi Gayo Arabika 250 g" in page
    assert "Rp65.000" in page
    assert "Stok 10" in page
    assert "Kopi Rahasia" not in page
    [picture] = re.findall(r'src="(/file/[^"]+)"', page)
    assert HTTP.get(partner.address + picture).headers["Content-Type"] == "image/png"
    assert "sedang tidak dijual" in HTTP.get(f"{partner.address}/item/{hidden}/").text


def test_a_listing_is_found_by_the_sku_of_item_or_model_in_its_own_shop_only(partner):
    item_id, (_, large) = partner.add_with_models()
    by_item = HTTP.get(f"{partner.address}/sku/{SHOP}/KOP-250/")
    by_model = HTTP.get(f"{partner.address}/sku/{SHOP}/KOP-1000-A/")
    assert by_item.headers["Location"].startswith(f"/item/{item_id}/")
    assert by_model.headers["Location"] == f"/item/{item_id}/?model_id={large}"
    assert HTTP.get(f"{partner.address}/sku/{OTHER_SHOP}/KOP-250/").status_code == 404


def test_buying_on_the_page_makes_a_paid_order_and_lowers_the_stock(partner):
    item_id = partner.add()
    bought = buy_on_page(partner, item_id, quantity=3)
    assert bought.status_code == 303
    page = HTTP.get(partner.address + bought.headers["Location"]).text
    assert 'data-status="READY_TO_SHIP"' in page
    assert "Total Rp195.000" in page
    assert 'data-stock="7"' in HTTP.get(f"{partner.address}/item/{item_id}/").text


def test_more_than_the_stock_is_refused_on_the_page_with_a_reason(partner):
    item_id = partner.add()
    refused = buy_on_page(partner, item_id, quantity=11)
    assert (refused.status_code, "Stok tidak cukup: tersisa 10." in refused.text) == (409, True)
    assert partner.stock(item_id) == {0: 10}
    assert partner.state()["orders"] == []


def test_a_sold_out_listing_says_so_and_has_no_button(partner):
    item_id = partner.add(seller_stock=[{"stock": 0}])
    page = HTTP.get(f"{partner.address}/item/{item_id}/").text
    assert "Stok habis." in page
    assert "Beli sekarang" not in page


@pytest.mark.parametrize(("step", "status", "stock"), [("pay", "READY_TO_SHIP", 8), ("ask_to_cancel", "CANCELLED", 10)])
def test_an_unpaid_order_is_paid_or_cancelled_on_its_page(partner, step, status, stock):
    item_id = partner.add()
    address = partner.address + buy_on_page(partner, item_id, quantity=2, payment="later").headers["Location"]
    assert 'data-status="UNPAID"' in HTTP.get(address).text
    assert HTTP.post(address + step).status_code == 303
    assert f'data-status="{status}"' in HTTP.get(address).text
    assert HTTP.post(address + "pay").status_code == 409
    assert partner.stock(item_id) == {0: stock}


def test_the_sellers_page_shows_listings_orders_pushes_and_calls(partner, callback):
    order = partner.buy(partner.add())
    callback.wait_for(3)
    page = HTTP.get(f"{partner.address}/seller/{SHOP}/").text
    assert order["order_sn"] in page
    assert "POST /api/v2/product/add_item" in page
    assert "Perlu dikirim" in page
    assert partner.token not in page


def test_what_a_seller_writes_is_text_not_markup(partner):
    item_id = partner.add(item_name="Kopi <script>alert(1)</script>")
    assert "<script>" not in HTTP.get(f"{partner.address}/item/{item_id}/").text


def test_a_restart_keeps_listings_orders_pictures_and_tokens(tmp_path):
    settings = Settings(PARTNER_ID, PARTNER_KEY, PUSH_KEY, data=tmp_path / "shopee.sqlite")
    with serving(settings) as (address, _):
        partner = Partner(address)
        pair = partner.authorize()
        item_id, (small, large) = partner.add_with_models()
        partner.set_stock(item_id, {small: 6})
        order = partner.buy(item_id, 2, model_id=small, paid=False)
    with serving(settings) as (address, _):
        partner.address = address
        assert partner.stock(item_id) == {small: 4, large: 4}
        assert partner.set_stock(item_id, {small: 1})["error"] == "error_auth"
        assert partner.state()["orders"][0]["order_sn"] == order["order_sn"]
        page = HTTP.get(f"{address}/shop/{SHOP}/").text
        [picture] = re.findall(r'src="(/file/[^"]+)"', page)
        assert HTTP.get(address + picture).status_code == 200
        assert partner.refresh(pair["refresh_token"])["error"] == ""
        assert partner.add(item_sku="NEW") > large
    with serving(settings) as (address, _):
        partner.address = address
        assert partner.refresh(pair["refresh_token"])["error"] == "refresh_token_expired"


def test_the_program_says_when_it_is_ready_and_ends_on_a_signal(tmp_path):
    keys = ["--partner-id", "1", "--partner-key", "k", "--push-key", "p", "--push-retry-seconds", "1,2,4"]
    command = [sys.executable, "-m", "simulators.shopee", "--port", "0", *keys]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        line = program.stdout.readline()
        address = re.fullmatch(r"Shopee simulator ready on (http://127.0.0.1:\d+)/\n", line)[1]
        assert HTTP.get(f"{address}/_control/health").json() == {"status": "ok"}
        program.terminate()
        rest, errors = program.communicate(timeout=5)
    assert (program.returncode, rest, errors) == (0, "", "")
