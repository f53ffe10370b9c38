"""Units as UN/ECE Recommendation 20 and X12 write them, the words that people use for
them, and which are meant."""

_UNIT = "uom.product_uom_unit"
#: One of whatever the product's code stands for.
EACH = frozenset({"C62", "EA", "NAR", "H87", "PCE", "PC"})

UNIT_CODES = {
    **dict.fromkeys(EACH, _UNIT),
    "UN": _UNIT,
    "DZN": "uom.product_uom_dozen",
    "DZ": "uom.product_uom_dozen",
    "KGM": "uom.product_uom_kgm",
    "KG": "uom.product_uom_kgm",
    "GRM": "uom.product_uom_gram",
    "GR": "uom.product_uom_gram",
    "TNE": "uom.product_uom_ton",
    "LBR": "uom.product_uom_lb",
    "LB": "uom.product_uom_lb",
    "ONZ": "uom.product_uom_oz",
    "OZ": "uom.product_uom_oz",
    "LTR": "uom.product_uom_litre",
    "LT": "uom.product_uom_litre",
    "MTQ": "uom.product_uom_cubic_meter",
    "OZA": "uom.product_uom_floz",
    "QT": "uom.product_uom_qt",
    "GLL": "uom.product_uom_gal",
    "GA": "uom.product_uom_gal",
    "INQ": "uom.product_uom_cubic_inch",
    "FTQ": "uom.product_uom_cubic_foot",
    "MTR": "uom.product_uom_meter",
    "KMT": "uom.product_uom_km",
    "CMT": "uom.product_uom_cm",
    "MMT": "uom.product_uom_millimeter",
    "INH": "uom.product_uom_inch",
    "FOT": "uom.product_uom_foot",
    "FT": "uom.product_uom_foot",
    "YRD": "uom.product_uom_yard",
    "SMI": "uom.product_uom_mile",
    "MTK": "uom.product_uom_square_meter",
    "FTK": "uom.product_uom_square_foot",
    "DAY": "uom.product_uom_day",
    "HUR": "uom.product_uom_hour",
    "MIN": "uom.product_uom_minute",
    "KWH": "uom.product_uom_kwh",
}

#: Words in English, Dutch, German and French, small and without a full stop.
_WORDS = {
    _UNIT: "piece pieces pcs pce pces pc each unit units stk stck stück stücke stueck"
    " stuk stuks pièce pièces unité unités u",
    "uom.product_uom_dozen": "dozen doz dozijn dutzend dtz douzaine dz",
    "uom.product_uom_kgm": "kgs kilo kilos kilogram kilograms kilogramm kilogramme",
    "uom.product_uom_gram": "gram grams gramm gramme grammes gr",
    "uom.product_uom_ton": "tonne tonnes",
    "uom.product_uom_litre": "ltr liter liters litre litres",
    "uom.product_uom_meter": "mtr meter meters metre metres mètre mètres",
    "uom.product_uom_cm": "centimeter centimeters centimetre centimètre",
    "uom.product_uom_millimeter": "millimeter millimeters millimetre millimètre",
    "uom.product_uom_square_meter": "m2 qm sqm",
    "uom.product_uom_cubic_meter": "m3 cbm",
    "uom.product_uom_hour": "hour hours hr hrs stunde stunden std uur uren heure"
    " heures",
    "uom.product_uom_day": "day days tag tage dag dagen jour jours",
}
UNIT_WORDS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
#: What means one thing here and another there: pieces, sets or sheets; tons of 1000 kg,
#: of 2000 or of 2240 pounds.
AMBIGUOUS = frozenset({"st", "ton", "tons", "tn"})


def as_word(text):
    """A unit as it is looked up among the words: Stck. is stck."""
    return text.strip().casefold().rstrip(".")


def is_each(text):
    """Whether a unit means one of whatever the product's code stands for."""
    return text.strip().upper() in EACH or UNIT_WORDS.get(as_word(text)) == _UNIT
