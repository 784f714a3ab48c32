"""Listings: what is accepted, what is refused, what can be read back."""

from io import BytesIO

import pytest
from PIL import Image

from simulators.shopee.tests.partner import HTTP, SHOP, model_row, png, two_weights


def test_only_leaves_of_the_category_tree_are_usable(partner):
    rows = partner.get("product/get_category", language="id")["response"]["category_list"]
    names = {row["display_category_name"]: row for row in rows}
    assert names["Kopi"]["parent_category_id"] == names["Makanan & Minuman"]["category_id"]
    assert (names["Makanan & Minuman"]["has_children"], names["Kopi"]["has_children"]) == (True, False)
    refused = partner.post("product/add_item", **partner.listing(category_id=names["Camilan"]["category_id"]))
    assert refused["error"] == "error_invalid_category"
    assert partner.state()["items"] == []


def test_a_listing_is_read_back_as_it_was_sent(partner):
    item_id = partner.add()
    [info] = partner.get("product/get_item_base_info", item_id_list=item_id)["response"]["item_list"]
    assert (info["item_name"], info["item_sku"], info["item_status"]) == (
        "Kopi Gayo Arabika 250 g",
        "KOP-250",
        "NORMAL",
    )
    assert info["price_info"][0]["original_price"] == 65000
    assert info["stock_info_v2"]["seller_stock"][0]["stock"] == 10
    assert HTTP.get(info["image"]["image_url_list"][0]).content == png()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"item_name": "Kopi"}, "error_name_length_limit"),
        ({"item_name": "K" * 101}, "error_title_exceeds_max_length"),
        ({"item_name": "Kopi\nGayo"}, "error_title_character_forbidden"),
        ({"description": "Enak"}, "error_desc_length_min_limit"),
        ({"description": "x" * 2001}, "product.error_param"),
        ({"category_id": 100901}, "error_forbidden_category"),
        ({"category_id": 100667}, "error_less_required_attribute"),
        ({"attribute_list": [{"attribute_id": 9}]}, "error_invalid_attribute_value"),
        ({"brand": {"brand_id": 77}}, "error_invalid_brand"),
        ({"original_price": 98}, "error_price_exceed_min_limitt"),
        ({"original_price": 1_000_000_001}, "error_price_exceed_max_limitt"),
        ({"original_price": 65000.5}, "product.error_param"),
        ({"original_price": "65000"}, "product.error_param"),
        ({"seller_stock": [{"stock": -1}]}, "product.error_param"),
        ({"seller_stock": [{"stock": 10_000_001}]}, "product.error_param"),
        ({"seller_stock": [{"stock": 1, "location_id": "IDZ"}]}, "product.error_param"),
        ({"normal_stock": 10}, "product.error_param"),
        ({"image": {"image_id_list": ["id-unknown"]}}, "error_image_unavailable"),
        ({"image": {"image_id_list": []}}, "product.error_param"),
        ({"logistic_info": [{"logistic_id": 1, "enabled": True}]}, "product.error_param"),
        ({"logistic_info": [{"logistic_id": 8003, "enabled": False}]}, "product.error_param"),
        ({"weight": 0}, "product.error_param"),
    ],
)
def test_a_listing_beyond_a_limit_is_refused(partner, change, error):
    assert partner.post("product/add_item", **partner.listing(**change))["error"] == error
    assert partner.state()["items"] == []


def test_ten_pictures_are_one_too_many(partner):
    body = partner.listing()
    body["image"]["image_id_list"] *= 10
    assert partner.post("product/add_item", **body)["error"] == "product.error_param"


def test_the_limits_can_be_asked_for(partner):
    limits = partner.get("product/get_item_limit", category_id=100660)["response"]
    assert limits["item_name_length_limit"] == {"min_limit": 5, "max_limit": 100}
    assert limits["tier_variation_name_length_limit"]["max_limit"] == 14
    assert limits["tier_variation_option_length_limit"]["max_limit"] == 20


def test_a_mandatory_attribute_with_one_of_its_values_is_accepted(partner):
    tree = partner.get("product/get_attribute_tree", category_id_list="100703")["response"]["list"]
    [attribute] = tree[0]["attribute_tree"]
    assert (attribute["name"], attribute["mandatory"]) == ("Bahan", True)
    chosen = {"value_id": attribute["attribute_value_list"][1]["value_id"]}
    row = {"attribute_id": attribute["attribute_id"], "attribute_value_list": [chosen]}
    assert partner.add(category_id=100703, attribute_list=[row])


def test_the_same_item_sku_twice_is_a_duplicate_until_the_first_is_deleted(partner):
    first = partner.add()
    assert partner.post("product/add_item", **partner.listing())["error"] == "error_repeated_mtsku"
    assert partner.get("product/search_item", item_sku="KOP-250", page_size=10)["response"]["item_id_list"] == [first]
    assert partner.post("product/delete_item", item_id=first)["error"] == ""
    assert partner.add() != first


@pytest.mark.parametrize("content", [b"not a picture", b"\x89PNG\r\n\x1a\n and then nothing", b""])
def test_what_is_not_a_picture_is_refused(partner, content):
    assert partner.upload(content)["error"] == "error_image_unavailable"


def test_a_gif_and_a_picture_above_ten_megabytes_are_refused(partner):
    gif = BytesIO()
    Image.new("RGB", (8, 8)).save(gif, "GIF")
    assert partner.upload(gif.getvalue())["error"] == "error_image_unavailable"
    assert partner.upload(png() + b"\0" * 10 * 1024 * 1024)["error"] == "error_image_unavailable"


def test_price_and_stock_are_not_part_of_update_item(partner):
    item_id = partner.add()
    refused = partner.post("product/update_item", item_id=item_id, original_price=70000)
    changed = partner.post("product/update_item", item_id=item_id, item_name="Kopi Gayo Baru")
    assert (refused["error"], changed["error"]) == ("product.error_param", "")
    [item] = partner.state()["items"]
    assert (item["item_name"], item["models"][0]["price"]) == ("Kopi Gayo Baru", 65000)


def test_unlisting_fails_per_item_and_relists(partner):
    item_id = partner.add()
    rows = [{"item_id": item_id, "unlist": True}, {"item_id": 1, "unlist": True}]
    answer = partner.post("product/unlist_item", item_list=rows)
    assert answer["error"] == ""
    assert answer["response"]["success_list"] == [{"item_id": item_id, "unlist": True}]
    assert [row["item_id"] for row in answer["response"]["failure_list"]] == [1]
    assert partner.buy(item_id)["error"] == "Produk ini sedang tidak dijual."
    partner.post("product/unlist_item", item_list=[{"item_id": item_id, "unlist": False}])
    assert partner.buy(item_id)["order_status"] == "READY_TO_SHIP"


def test_another_shop_cannot_touch_or_see_the_item(partner, other_shop):
    item_id = partner.add()
    assert other_shop.post("product/delete_item", item_id=item_id)["error"] == "error_item_not_found"
    assert other_shop.set_stock(item_id, {0: 1})["error"] == "error_item_not_found"
    assert other_shop.get("product/get_item_base_info", item_id_list=item_id)["response"]["item_list"] == []
    assert partner.stock(item_id) == {0: 10}


def test_the_item_list_needs_a_status_and_pages_by_offset(partner):
    ids = [partner.add(item_sku=f"KOP-{number}") for number in range(3)]
    assert partner.get("product/get_item_list", offset=0, page_size=2)["error"] == "product.error_param"
    assert (
        partner.get("product/get_item_list", item_status="NORMAL,UNLIST", page_size=2)["error"] == "product.error_param"
    )
    statuses = ["NORMAL", "UNLIST"]
    first = partner.get("product/get_item_list", item_status=statuses, offset=0, page_size=2)["response"]
    last = partner.get("product/get_item_list", item_status=statuses, offset=2, page_size=2)["response"]
    assert [row["item_id"] for row in first["item"] + last["item"]] == ids
    assert (first["has_next_page"], first["next_offset"], first["total_count"]) == (True, 2, 3)
    assert last["has_next_page"] is False


def test_no_more_than_fifty_items_are_told_at_once(partner):
    asked = ",".join(str(number) for number in range(1, 52))
    assert partner.get("product/get_item_base_info", item_id_list=asked)["error"] == "product.error_param"


def test_setting_the_variations_again_ends_every_earlier_model_id(partner):
    item_id, old = partner.add_with_models()
    new = partner.post("product/init_tier_variation", **two_weights(item_id))["response"]["model"]
    rows = partner.get("product/get_model_list", item_id=item_id)["response"]["model"]
    assert [row["model_id"] for row in rows] == [row["model_id"] for row in new]
    assert set(old).isdisjoint(row["model_id"] for row in rows)
    refused = partner.set_stock(item_id, {old[0]: 99})
    assert refused["response"]["success_list"] == []
    assert partner.stock(item_id) == {new[0]["model_id"]: 10, new[1]["model_id"]: 4}


def test_updating_the_variations_keeps_the_model_ids(partner):
    item_id, (small, large) = partner.add_with_models()
    tiers = [{"name": "Isi", "option_list": [{"option": "1 kilo"}, {"option": "seperempat"}]}]
    rows = [{"model_id": small, "tier_index": [1]}, {"model_id": large, "tier_index": [0]}]
    answer = partner.post("product/update_tier_variation", item_id=item_id, tier_variation=tiers, model_list=rows)
    assert answer["error"] == ""
    assert partner.stock(item_id) == {small: 10, large: 4}
    told = partner.get("product/get_model_list", item_id=item_id)["response"]
    assert told["tier_variation"][0]["name"] == "Isi"


def test_a_model_is_added_without_touching_the_others(partner):
    item_id, (small, large) = partner.add_with_models()
    tiers = two_weights(item_id)["tier_variation"]
    tiers[0]["option_list"].append({"option": "500 g"})
    rows = [{"model_id": small, "tier_index": [0]}, {"model_id": large, "tier_index": [1]}]
    partner.post("product/update_tier_variation", item_id=item_id, tier_variation=tiers, model_list=rows)
    answer = partner.post("product/add_model", item_id=item_id, model_list=[model_row([2], 120000, 7)])
    [model] = answer["response"]["model"]
    assert partner.stock(item_id) == {small: 10, large: 4, model["model_id"]: 7}


@pytest.mark.parametrize(
    "change",
    [
        {"tier_variation": [{"name": "B" * 15, "option_list": [{"option": "a"}, {"option": "b"}]}]},
        {"tier_variation": [{"name": "Berat", "option_list": [{"option": "o" * 21}, {"option": "b"}]}]},
        {"tier_variation": [{"name": "Berat", "option_list": [{"option": "a"}, {"option": "a"}]}]},
        {"tier_variation": [{"name": n, "option_list": [{"option": "a"}]} for n in "ABC"]},
        {"model": [model_row([0], 10000, 1), model_row([1], 70001, 1)]},
        {"model": [model_row([0], 10000, 1), model_row([0], 10000, 1)]},
        {"model": [model_row([2], 10000, 1)]},
        {"model": [model_row([0, 0], 10000, 1)]},
        {"model": [model_row([0], 10000, 1)] * 51},
    ],
    ids=["name", "option", "options", "tiers", "spread", "place", "index", "depth", "fifty-one"],
)
def test_variations_beyond_a_limit_are_refused(partner, change):
    item_id = partner.add()
    refused = partner.post("product/init_tier_variation", **two_weights(item_id, **change))
    assert refused["error"] == "product.error_param"
    assert partner.stock(item_id) == {0: 10}


def test_the_newer_form_of_variations_is_understood(partner):
    item_id = partner.add()
    body = two_weights(item_id)
    del body["tier_variation"]
    body["standardise_tier_variation"] = [
        {
            "variation_id": 0,
            "variation_name": "Berat",
            "variation_option_list": [
                {"variation_option_id": 0, "variation_option_name": "250 g"},
                {"variation_option_id": 0, "variation_option_name": "1 kg"},
            ],
        }
    ]
    assert partner.post("product/init_tier_variation", **body)["error"] == ""
    page = HTTP.get(f"{partner.address}/item/{item_id}/").text
    assert "250 g" in page


def test_an_ordinary_shop_has_no_warehouses(partner):
    refused = partner.get("shop/get_warehouse_detail")
    assert refused["error"] == "warehouse.error_not_in_whitelist"


def test_the_couriers_name_ids_that_add_item_takes(partner):
    rows = partner.get("logistics/get_channel_list")["response"]["logistics_channel_list"]
    on = [row["logistics_channel_id"] for row in rows if row["enabled"]]
    assert partner.add(logistic_info=[{"logistic_id": on[0], "enabled": True}])
    assert partner.shop_id == SHOP
