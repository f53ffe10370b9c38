"""Places of bays, read from their names by a pattern.

A pattern is what names look like: ``{aisle}-{bay}-{level}``. Parts that stand for
something are in braces, all else stands for itself; upper and lower case are one. What
the parts say is counted in natural order (A-2 before A-10), so the first aisle is 1
whatever it is called.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

PARTS = ("aisle", "block", "bay", "level", "any")
NEEDED = ("aisle", "bay")
# more of them would take long to compare
MOST_ANY = 2
_PART = re.compile(r"\{([^{}]*)\}")
# letters, digits, or letters with a number behind them
_LABEL = r"[^\W\d_]+\d*|\d+"
# where parts stand side by side each is of one kind: {aisle}{bay} of A03
_LABEL_OF_ONE_KIND = r"[^\W\d_]+(?![^\W\d_])|\d+(?!\d)"


class PatternFault(ValueError):
    """A pattern that says nothing; ``code`` is missing, unknown or repeated."""

    def __init__(self, code, part):
        super().__init__(f"{code}: {part}")
        self.code, self.part = code, part


class Place(NamedTuple):
    """All counted from 1."""

    aisle: int
    block: int
    position: int
    level: int


def read_places(names, pattern, facing=False, bays_of_blocks=()):
    """The places that names tell.

    :param facing: whether bay 1 faces bay 2, 3 faces 4 and so on
    :param bays_of_blocks: how many positions each block has, from the front, where the
        pattern has no ``{block}``; positions behind the last are in the last
    :return: ``{name: Place}`` of all names that fit
    :raises PatternFault: a pattern without aisle or bay, or with an unknown part
    """
    regex = compile_pattern(pattern)
    labels = {}
    for name in names:
        if match := regex.fullmatch(name):
            labels[name] = defaultdict(str, match.groupdict())
    ranks = {
        part: _rank({found[part] for found in labels.values()})
        for part in ("aisle", "block", "level")
    }
    bays = defaultdict(set)
    for found in labels.values():
        bays[found["block"]].add(found["bay"])
    bay_ranks = {block: _rank(of_block) for block, of_block in bays.items()}
    places = {}
    for name, found in labels.items():
        block = ranks["block"][found["block"]]
        position = bay_ranks[found["block"]][found["bay"]]
        if facing:
            position = (position + 1) // 2
        if bays_of_blocks and "block" not in regex.groupindex:
            block, position = _split(position, bays_of_blocks)
        aisle, level = ranks["aisle"][found["aisle"]], ranks["level"][found["level"]]
        places[name] = Place(aisle, block, position, level)
    return places


def number(places, first=1):
    """A number for each bay: up the first aisle and down the next.

    :param places: ``{key: Place}``
    :return: ``{key: number}``
    """

    start = min((place.aisle for place in places.values()), default=1)

    def rank(key):
        aisle, block, position, level = places[key]
        is_up = (aisle - start) % 2 == 0
        return aisle, (block, position) if is_up else (-block, -position), level

    return {key: number for number, key in enumerate(sorted(places, key=rank), first)}


def natural_key(text):
    """To sort texts with numbers in them as people would: A-2 before A-10."""
    parts = re.split(r"(\d+)", text.casefold())
    parts[1::2] = map(int, parts[1::2])
    return parts


def compile_pattern(pattern):
    """The pattern as a regular expression.

    :raises PatternFault: a pattern without aisle or bay, or with an unknown part
    """
    pieces = _PART.split(pattern)
    texts, parts = pieces[::2], pieces[1::2]
    for part in NEEDED:
        if part not in parts:
            raise PatternFault("missing", part)
    regex = re.escape(texts[0])
    for index, part in enumerate(parts):
        if part not in PARTS:
            raise PatternFault("unknown", part)
        if parts[:index].count(part) == (MOST_ANY if part == "any" else 1):
            raise PatternFault("repeated", part)
        if part == "any":
            regex += ".*?"
        else:
            before = texts[index] if index else "-"
            behind = texts[index + 1] if index + 1 < len(parts) else "-"
            label = _LABEL if before and behind else _LABEL_OF_ONE_KIND
            regex += f"(?P<{part}>{label})"
        regex += re.escape(texts[index + 1])
    return re.compile(regex, re.IGNORECASE)


def _rank(labels):
    ordered = sorted(labels, key=natural_key)
    ranks, before = {}, None
    for label in ordered:
        # 3 and 03 are one
        if before is None or natural_key(label) != natural_key(before):
            rank = len(set(ranks.values())) + 1
        ranks[label], before = rank, label
    return ranks


def _split(position, bays_of_blocks):
    """The block that a position from the front is in, and its position in there."""
    for block, bays in enumerate(bays_of_blocks, 1):
        if position <= bays or block == len(bays_of_blocks):
            return block, position
        position -= bays
    return 1, position


def guess_pattern(names):
    """The pattern that most names fit, of those that warehouses use.

    :return: None if none fits any name
    """
    patterns = []
    for sign in ("-", "/", ".", "_", " ", ""):
        patterns.append(f"{{aisle}}{sign}{{bay}}{sign}{{level}}")
        patterns.append(f"{{aisle}}{{bay}}{sign or '-'}{{level}}")
        patterns.append(f"{{aisle}}{sign}{{bay}}")
    fits = {}
    for pattern in patterns:
        regex = compile_pattern(pattern)
        fits[pattern] = sum(bool(regex.fullmatch(name)) for name in names)
    best = max(fits, key=fits.get)
    return best if fits[best] else None
