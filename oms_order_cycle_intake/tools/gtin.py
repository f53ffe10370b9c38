"""Trade numbers as they may be written: GTINs of 8, 12, 13 and 14 digits, ISBNs."""

from itertools import cycle
from operator import mul

_LENGTHS = (8, 12, 13, 14)


def spell_barcode(text):
    """A number as it stands there, then as others write the same.

    :param str text: any barcode
    :return: list without doubles; only the text itself where it is no trade number
    """
    found = [text]
    if _is_isbn(text):
        body = f"978{text[:9]}"
        found.append(body + _check_digit(body))
    # a spreadsheet may have dropped zeros in front
    if text.isascii() and text.isdigit() and _LENGTHS[0] <= len(text) <= _LENGTHS[-1]:
        plain = text.lstrip("0")
        found += [plain.zfill(length) for length in _LENGTHS if len(plain) <= length]
    return list(dict.fromkeys(found))


def _is_isbn(text):
    """Whether it is an ISBN of ten places with the right check digit."""
    if len(text) != 10 or not text[:9].isdigit() or not text.isascii():
        return False
    digits = [int(letter) for letter in text[:9]]
    total = sum(map(mul, digits, range(10, 1, -1)))
    return text[9].upper() == "0123456789X"[-total % 11]


def _check_digit(body):
    digits = [int(letter) for letter in reversed(body)]
    total = sum(map(mul, digits, cycle((3, 1))))
    return str(-total % 10)
