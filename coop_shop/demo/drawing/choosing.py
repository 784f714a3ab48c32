"""Which drawing shows a product: the first row whose word stands in the title, then in the category."""

from coop_shop.demo.drawing import cloth, coffee, crafts, leather, pantry, snacks
from coop_shop.demo.drawing.parts import Good


def good_for(*, title: str, category: str) -> Good:
    """A title is more exact than a category; words match from their start. What neither names is a wrapped parcel."""
    for text in (title.lower(), category.lower()):
        for word, draw in GOODS:
            if f" {word}" in f" {text}":
                return draw
    return crafts.wrapped_gift


# The order matters: "kopi bubuk" is no powder drink, "dompet koin" no folding wallet.
GOODS: list[tuple[str, Good]] = [
    # coffee and tea
    ("drip bag", coffee.drip_box), ("green bean", coffee.sack), ("sachet isi", pantry.sachets),
    ("celup", coffee.tea_box),
    ("cascara", coffee.cascara), ("daun kopi", coffee.cascara), ("teh hitam", coffee.tea_tin),
    ("biji kopi salut", pantry.jar_of_bits),
    ("cangkir", coffee.cup), ("saringan kopi", coffee.strainer), ("sendok", coffee.scoop),
    # pantry
    ("madu", pantry.honey_jar), ("sirup", pantry.bottle), ("sambal", pantry.bottle), ("minyak", pantry.bottle),
    ("semut", pantry.powder_pouch), ("serbat", pantry.powder_pouch), ("bandrek", pantry.sachets),
    ("bawang goreng", pantry.jar_of_bits), ("kembang goyang", pantry.jar_of_bits), ("dodol aneka", snacks.sweets_box),
    ("dodol salut", snacks.sweets_box), ("dodol cokelat", snacks.sweets_box), ("dodol", snacks.dodol_plate),
    ("ladu", snacks.leaf_parcels), ("wajit", snacks.leaf_parcels), ("angleng", snacks.leaf_parcels),
    ("burayot", snacks.burayot),
    ("emping", snacks.cracker_basket), ("opak", snacks.cracker_basket), ("ranginang", snacks.cracker_basket),
    ("mentah", snacks.cracker_basket), ("kerupuk", snacks.snack_pillow), ("keripik", snacks.snack_pillow),
    ("endog", snacks.snack_pillow), ("baso", pantry.soup_bowl), ("gula", pantry.palm_sugar),
    # bags and leather
    ("tas anyam", crafts.woven_bag), ("tote", leather.tote), ("ransel", leather.backpack),
    ("tas tangan", leather.hand_bag),
    ("tas", leather.sling_bag), ("dompet koin", leather.coin_purse), ("panjang kulit", leather.long_wallet),
    ("dompet kerawang gayo panjang", leather.long_wallet), ("dompet", leather.wallet), ("pouch", leather.pouch),
    ("ikat pinggang", leather.belt), ("sandal", leather.sandals), ("sepatu", leather.shoe), ("jaket", leather.jacket),
    ("gantungan kunci", leather.key_ring),
    # root, bamboo, small things
    ("tatakan", crafts.coasters), ("kotak tisu", crafts.tissue_box), ("pengharum", crafts.sachets_of_root),
    ("boneka", crafts.elephant), ("boboko", crafts.rice_basket), ("besek", crafts.lidded_boxes),
    ("bros", crafts.brooch),
    ("bando", crafts.hair_set), ("anting", crafts.earrings), ("kipas", crafts.fan),
    ("belajar membatik", crafts.batik_kit),
    ("canting", crafts.canting),
    # cloth
    ("sarung bantal", cloth.cushions), ("taplak", cloth.table_cloth), ("masker", cloth.face_masks), ("peci", cloth.cap),
    ("hiasan dinding", cloth.wall_piece), ("kerudung segi", cloth.shawl_square), ("selendang", cloth.scarf),
    ("syal", cloth.scarf),
    ("pashmina", cloth.scarf), ("kemeja", cloth.shirt), ("blus", cloth.blouse), ("tunik", cloth.blouse),
    ("outer", cloth.blouse),
    ("daster", cloth.blouse), ("rok", cloth.skirt), ("kulot", cloth.skirt), ("kain", cloth.length_of_cloth),
    ("sarung", cloth.length_of_cloth),
    # what is left of coffee
    ("bubuk", coffee.ground_bag), ("kopi", coffee.roasted_bag), ("batik", cloth.length_of_cloth),
]  # fmt: skip
