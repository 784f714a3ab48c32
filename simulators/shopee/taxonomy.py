"""The marketplace's own lists: categories, attributes, brands, limits, couriers. Figures are the simulator's
own where Shopee publishes none; the limits are those of its documentation's sample, with Indonesian money."""

# id: (parent, English name, Indonesian name)
CATEGORIES = {
    100629: (0, "Food & Beverages", "Makanan & Minuman"),
    100660: (100629, "Coffee", "Kopi"),
    100661: (100629, "Tea & Herbal Drinks", "Teh & Minuman Herbal"),
    100662: (100629, "Snacks", "Camilan"),
    100663: (100662, "Chips & Crackers", "Keripik & Kerupuk"),
    100664: (100662, "Biscuits & Cookies", "Biskuit & Kue Kering"),
    100665: (100662, "Dodol & Sweets", "Dodol & Manisan"),
    100666: (100662, "Other Snacks", "Camilan Lainnya"),
    100667: (100629, "Honey", "Madu"),
    100668: (100629, "Spices & Seasoning", "Bumbu & Rempah"),
    100669: (100629, "Rice & Staples", "Beras & Bahan Pokok"),
    100700: (0, "Fashion", "Fashion"),
    100701: (100700, "Batik", "Batik"),
    100702: (100701, "Batik Fabric", "Kain Batik"),
    100703: (100701, "Batik Shirts", "Kemeja Batik"),
    100704: (100701, "Batik Dresses", "Gaun & Daster Batik"),
    100705: (100700, "Woven & Traditional Cloth", "Tenun & Kain Tradisional"),
    100706: (100700, "Bags & Accessories", "Tas & Aksesori"),
    100800: (0, "Handicrafts", "Kerajinan"),
    100801: (100800, "Decoration", "Dekorasi"),
    100802: (100800, "Woven Handicrafts", "Anyaman"),
    100803: (100800, "Pottery", "Gerabah & Keramik"),
    100804: (100800, "Leather Crafts", "Kerajinan Kulit"),
    100900: (0, "Tobacco", "Rokok & Tembakau"),
    100901: (100900, "Cigarettes", "Rokok"),
}
FORBIDDEN_CATEGORIES = frozenset({100901})

SINGLE_DROP_DOWN, FREE_TEXT = 1, 3
# category: {attribute id: (mandatory, Indonesian name, input type, {value id: name})}
ATTRIBUTES = {
    100660: {
        200101: (False, "Jenis Kopi", SINGLE_DROP_DOWN, {1: "Arabika", 2: "Robusta", 3: "Campuran"}),
        200102: (False, "Masa Penyimpanan", FREE_TEXT, {}),
    },
    100667: {200103: (True, "No. Registrasi (BPOM/P-IRT)", FREE_TEXT, {})},
    100702: {200104: (False, "Teknik Batik", SINGLE_DROP_DOWN, {1: "Tulis", 2: "Cap", 3: "Kombinasi"})},
    100703: {200105: (True, "Bahan", SINGLE_DROP_DOWN, {1: "Katun", 2: "Sutra", 3: "Rayon", 4: "Linen"})},
}

NO_BRAND = 0
BRANDS = {100660: {1100001: "Kapal Api", 1100002: "Excelso"}, 100703: {1100003: "Danar Hadi"}}

LIMITS = {
    "price_limit": {"min_limit": 99, "max_limit": 1_000_000_000},
    "wholesale_price_threshold_percentage": {"min_limit": 30, "max_limit": 100},
    "stock_limit": {"min_limit": 0, "max_limit": 10_000_000},
    "item_name_length_limit": {"min_limit": 5, "max_limit": 100},
    "item_image_count_limit": {"min_limit": 1, "max_limit": 9},
    "item_description_length_limit": {"min_limit": 10, "max_limit": 2000},
    "tier_variation_name_length_limit": {"min_limit": 1, "max_limit": 14},
    "tier_variation_option_length_limit": {"min_limit": 1, "max_limit": 20},
    "item_count_limit": {"max_limit": 1000},
    "dts_limit": {
        "days_to_ship_limit": {"min_limit": 7, "max_limit": 30},
        "non_pre_order_days_to_ship": 2,
    },
    "weight_limit": {"weight_mandatory": True},
    "dimension_limit": {"dimension_mandatory": False},
}
DEAREST_TO_CHEAPEST = 7
MOST_MODELS = 50
MOST_TIERS = 2

# Real Indonesian ids are not published: these are the simulator's own.
CHANNELS = {8003: "Reguler", 8005: "Hemat", 8006: "Kargo", 8007: "Instant"}
DISABLED_CHANNELS = frozenset({8007})
HEAVIEST_KG = 50.0


def is_leaf(category_id: int) -> bool:
    return category_id in CATEGORIES and not has_children(category_id)


def has_children(category_id: int) -> bool:
    return any(parent == category_id for parent, _, _ in CATEGORIES.values())
