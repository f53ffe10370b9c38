"""The pieces of a walk in the order in which they are walked."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from . import section
from .optimum import largest_gap

# how often a piece is walked
_TIMES = {section.ONCE: 1, section.TWICE: 2, section.SINGLE: 1, section.DOUBLE: 2}


class Tour:
    """A closed walk along pieces that hang together.

    A crossing is ``(aisle, row)``: where an aisle meets a cross aisle.

    :param pieces: as ``optimum.find_pieces`` gives them
    :param by_aisle: ``{aisle: sorted positions}`` of all points
    """

    def __init__(self, layout, by_aisle, pieces):
        self.rows = layout.cross_aisles
        self.by_aisle = by_aisle
        # from a crossing to others, with the number of the piece
        self.ways = defaultdict(list)
        # what is fetched from a crossing, and back to it
        self.beside = defaultdict(list)
        # what lies on a piece of an aisle, by the crossing before it
        self.passed = {}
        aisles = sorted(by_aisle)
        following = dict(pairwise(aisles))
        for aisle in aisles:
            self._add_ends(aisle)
        for number, (stage, kind) in enumerate(pieces):
            here = stage.aisle, stage.row
            if kind in (section.SINGLE, section.DOUBLE):
                there = following[stage.aisle], stage.row
            else:
                there = stage.aisle, stage.row + 1
                self._add_aisle(kind, here, there)
            for time in range(_TIMES.get(kind, 0)):
                self.ways[here].append((there, (number, time)))
                self.ways[there].append((here, (number, time)))

    def _add_ends(self, aisle):
        """Points at crossings, and in front of and behind all cross aisles."""
        rows, places = self.rows, self.by_aisle[aisle]
        for row, cross in enumerate(rows):
            at_crossing = [place for place in places if place == cross]
            self._add_beside((aisle, row), at_crossing)
        before = [place for place in places if place < rows[0]]
        self._add_beside((aisle, 0), before[::-1])
        behind = [place for place in places if place > rows[-1]]
        self._add_beside((aisle, len(rows) - 1), behind)

    def _add_aisle(self, kind, here, there):
        (aisle, row), (_aisle, next_row) = here, there
        if next_row == len(self.rows):
            return  # a crossing at the far end, no piece of an aisle
        start, end = self.rows[row], self.rows[next_row]
        places = [place for place in self.by_aisle[aisle] if start < place < end]
        if kind in (section.ONCE, section.TWICE):
            self.passed[here] = places
        elif kind == section.LOW:
            self._add_beside(here, places)
        elif kind == section.HIGH:
            self._add_beside(there, places[::-1])
        elif kind == section.BOTH:
            index, _gap = largest_gap(places)
            self._add_beside(here, places[:index])
            self._add_beside(there, places[index:][::-1])

    def _add_beside(self, crossing, places):
        if places:
            self.beside[crossing] += [(crossing[0], place) for place in places]

    def list_points(self):
        """All points, in the order in which the walk first comes by, from anywhere."""
        found = {}
        path = self._walk()
        for here, there in zip(path, [*path[1:], path[-1]], strict=True):
            found.update(dict.fromkeys(self.beside[here]))
            if here[0] != there[0] or here == there:
                continue
            aisle, places = here[0], self.passed[min(here, there)]
            places = places if here < there else reversed(places)
            found.update(dict.fromkeys((aisle, place) for place in places))
        return list(found)

    def _walk(self):
        """Crossings in an order that takes each piece once (Hierholzer)."""
        walked, path = set(), []
        stack = [min([*self.ways, *self.beside])]
        while stack:
            ways = self.ways[stack[-1]]
            while ways and ways[-1][1] in walked:
                ways.pop()
            if ways:
                there, piece = ways.pop()
                walked.add(piece)
                stack.append(there)
            else:
                path.append(stack.pop())
        return path
