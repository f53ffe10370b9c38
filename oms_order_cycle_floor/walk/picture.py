"""The warehouse from above, as the text of an SVG."""

from __future__ import annotations

from html import escape

# lengths in the units of the picture
AISLE = 44  # from one aisle to the next
BAY = 12
SHELF = 13  # how deep the bays beside an aisle are
CROSS = 22  # how wide a cross aisle is
MARGIN = 24

INK, SOFT, WALK, SHELVES = "#212529", "#adb5bd", "#b02a5b", "#e9ecef"


class Picture:
    """The front is at the bottom, aisle 1 on the left.

    :param bays_of_blocks: how many positions each block has, from the front
    :param places: ``{(aisle, block, position)}``, counted from 1
    :param labels: what aisles are called: ``{aisle: text}``
    """

    def __init__(self, places, bays_of_blocks, labels=None):
        self.places = sorted(places)
        self.blocks = list(bays_of_blocks)
        self.labels = labels or {}
        aisles = [place[0] for place in self.places] or [1]
        self.first, self.last = min(aisles), max(aisles)
        self.width = 2 * MARGIN + (self.last - self.first + 1) * AISLE
        self.height = (
            2 * MARGIN + CROSS + sum(bays * BAY + CROSS for bays in self.blocks)
        )

    def draw(self, walk=()):
        """The whole; ``walk`` is a list of places in the order they are walked to."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} '
            f'{self.height}" width="{self.width}" height="{self.height}" '
            'font-family="sans-serif" role="img">',
            *map(self._draw_bay, self.places),
            *map(self._draw_label, range(self.first, self.last + 1)),
        ]
        if walk:
            parts += self._draw_walk(walk)
        return "\n".join([*parts, "</svg>"])

    def _locate(self, place):
        """The middle of the aisle beside a bay."""
        aisle, block, position = place
        below = sum(bays * BAY + CROSS for bays in self.blocks[: block - 1])
        x = MARGIN + (aisle - self.first + 0.5) * AISLE
        y = self.height - MARGIN - CROSS - below - (position - 0.5) * BAY
        return x, y

    def _draw_bay(self, place):
        x, y = self._locate(place)
        return "".join(
            f'<rect x="{left:g}" y="{y - BAY / 2 + 0.5:g}" width="{SHELF}" '
            f'height="{BAY - 1}" fill="{SHELVES}" stroke="{SOFT}"/>'
            for left in (x - AISLE / 2 + 1, x + AISLE / 2 - 1 - SHELF)
        )

    def _draw_label(self, aisle):
        x = MARGIN + (aisle - self.first + 0.5) * AISLE
        text = escape(str(self.labels.get(aisle, aisle)))
        return (
            f'<text x="{x:g}" y="{self.height - 6}" font-size="11" fill="{INK}" '
            f'text-anchor="middle">{text}</text>'
        )

    def _draw_walk(self, walk):
        points = [self._locate(place) for place in walk]
        corners = [points[0]]
        for here, there in zip(points, points[1:], strict=False):
            if here[0] != there[0]:
                cross = self._find_cross(here[1], there[1])
                corners += [(here[0], cross), (there[0], cross)]
            corners.append(there)
        line = " ".join(f"{x:g},{y:g}" for x, y in corners)
        yield (
            f'<polyline points="{line}" fill="none" stroke="{WALK}" '
            'stroke-width="2" stroke-linejoin="round" opacity="0.8"/>'
        )
        for number, (x, y) in enumerate(points, 1):
            if number in (1, len(points)):
                yield f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{WALK}"/>'
            else:
                yield f'<circle cx="{x:g}" cy="{y:g}" r="2.5" fill="{WALK}"/>'

    def _find_cross(self, y, to_y):
        """The middle of the cross aisle by which the way is shortest."""
        cross = self.height - MARGIN - CROSS / 2
        crosses = [cross]
        for bays in self.blocks:
            cross -= bays * BAY + CROSS
            crosses.append(cross)
        return min(crosses, key=lambda place: abs(y - place) + abs(to_y - place))
