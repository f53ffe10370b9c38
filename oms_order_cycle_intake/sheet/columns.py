"""Which row is the header, and what its columns mean."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from .reader import is_blank
from .targets import REASON_WORDS, TARGETS

#: Rows among which the header is looked for.
_HEADER_AMONG = 25
#: Sample values of a column that are looked at.
_SAMPLES = 200
_ALIKE = 0.86
#: No address of e-mail is as long.
_LONGEST = 320

#: How certain a guess is, the most certain first.
LEVELS = ("remembered", "exact", "likely", "values")


@dataclass(frozen=True)
class ColumnGuess:
    """What a column is taken for.

    :param target: key of the target
    :param level: one of LEVELS: mapped before, the very word, much like it, by values
    """

    target: str
    level: str


def normalize_label(cell):
    """A label as it is compared: lower case, no accents, words parted by one blank."""
    text = unicodedata.normalize("NFKD", "" if cell is None else str(cell))
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.casefold().replace("№", "no").replace("#", " no ")
    return " ".join(re.findall(r"[^\W_]+", text))


def column_label(cell, index):
    """The label of a column as it is shown; its letter where there is none."""
    if isinstance(cell, dict):
        cell = cell.get("date") or cell.get("text")
    if not is_blank(cell):
        return " ".join(str(cell).split())
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def guess_header(rows):
    """Index of the row that names the columns.

    :param rows: of a grid, the first ones
    """
    words = _target_by_word()
    best, best_score = 0, -1.0
    for index, row in enumerate(rows[:_HEADER_AMONG]):
        labels = [normalize_label(c) for c in row if isinstance(c, str)]
        labels = [label for label in labels if label]
        filled = sum(not is_blank(cell) for cell in row)
        if not filled:
            continue
        known = sum(label in words for label in labels)
        plain = sum(not any(c.isdigit() for c in label) for label in labels)
        # known words count most; then rows of different words without figures
        score = 3 * known + plain * len(set(labels)) / filled / max(len(labels), 1)
        if score > best_score + 1e-9:
            best, best_score = index, score
    return best


@cache
def _target_by_word():
    return {word: key for key, target in TARGETS.items() for word in target.words}


def guess_columns(labels, rows, remembered=None, known=None, words=None):
    """What the columns mean: each target once, each column once.

    :param labels: cells of the header
    :param rows: cells below it, from which samples are taken
    :param dict remembered: {normalized label: target key} of earlier files; a label
        that was left out before has the key ``False``
    :param dict known: {column index: target key} that the caller knows from the
        values, such as codes that are found
    :param dict words: {normalized label: target key}, the caller's own labels
    :return: {column index: ColumnGuess}
    """
    offers = []
    left_out = set()
    for index, label in enumerate(map(normalize_label, labels)):
        if label in (remembered or {}):
            target = remembered[label]
            if target in TARGETS:
                offers.append((0, 0, index, target))
            else:
                left_out.add(index)
        elif label in REASON_WORDS:
            left_out.add(index)
        else:
            offers += _offers_by_label(index, label, words or {})
    for index in range(len(labels)):
        target = (known or {}).get(index) or _target_by_values(rows, index)
        if target:
            offers.append((3, 0, index, target))
    guesses, taken = {}, set()
    for level, _distance, index, target in sorted(offers):
        if index in guesses or index in left_out or target in taken:
            continue
        if level == 3 and _is_answered(target, taken):
            continue
        guesses[index] = ColumnGuess(target, LEVELS[level])
        taken.add(target)
    return dict(sorted(guesses.items()))


def _is_answered(target, taken):
    """Values alone add no second product column and no second date."""
    if TARGETS[target].is_product:
        return any(TARGETS[key].is_product for key in taken)
    return TARGETS[target].kind == "date" and any(
        TARGETS[key].kind == "date" for key in taken
    )


def _offers_by_label(index, label, own_words):
    if not label:
        return []
    if label in own_words:
        return [(1, 0, index, own_words[label])]
    words = _target_by_word()
    if label in words:
        return [(1, 0, index, words[label])]
    offers = []
    for word, target in words.items():
        if len(word) > 2 and re.search(rf"\b{re.escape(word)}\b", label):
            # the longer the known part, the nearer
            offers.append((2, 1 - len(word) / len(label), index, target))
        elif len(label) > 4 and abs(len(word) - len(label)) < 4:
            alike = SequenceMatcher(None, word, label).ratio()
            if alike >= _ALIKE:
                offers.append((2, 1 - alike, index, target))
    return offers


def _target_by_values(rows, index):
    samples = [
        row[index]
        for row in rows[:_SAMPLES]
        if index < len(row) and not is_blank(row[index])
    ]
    if not samples:
        return None
    for is_such, target in _BY_VALUES:
        if sum(map(is_such, samples)) >= 0.9 * len(samples):
            return target
    return None


def _is_barcode(cell):
    text = str(cell)
    if not re.fullmatch(r"\d{8}|\d{12,14}", text):
        return False
    digits = [int(char) for char in reversed(text)]
    return (sum(digits[1::2]) * 3 + sum(digits[0::2])) % 10 == 0


def _is_date(cell):
    if isinstance(cell, dict):
        return "date" in cell
    return bool(
        isinstance(cell, str)
        and re.fullmatch(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}", cell.strip())
    )


def _is_email(cell):
    return isinstance(cell, str) and bool(
        re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", cell.strip()[:_LONGEST])
    )


def _is_currency(cell):
    return isinstance(cell, str) and cell.strip() in ("EUR", "USD", "GBP", "CHF")


_BY_VALUES = (
    (_is_barcode, "lines.product.barcode"),
    (_is_date, "requested_date"),
    (_is_email, "customer.email"),
    (_is_currency, "currency"),
)


def check_mapping(mapping, has_ref=False, has_customer=False):
    """What is missing or said twice.

    :param dict mapping: {column index: target key}
    :param bool has_ref: the caller knows the order's reference without a column
    :param bool has_customer: the same of the customer
    :return: list of (code, target key): ``twice`` or ``missing``
    """
    targets = list(mapping.values())
    faults = [
        ("twice", key) for key in TARGETS if targets.count(key) > 1 and key in targets
    ]
    if not any(TARGETS[key].is_product for key in targets if key in TARGETS):
        faults.append(("missing", "lines.product"))
    if "lines.qty" not in targets:
        faults.append(("missing", "lines.qty"))
    if not has_ref and "external_ref" not in targets:
        faults.append(("missing", "external_ref"))
    if not has_customer and not any(key.startswith("customer.") for key in targets):
        faults.append(("missing", "customer.ref"))
    return faults
