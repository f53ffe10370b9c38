"""Pictures of a packed carton: isometric SVG, whole and step by step.

Nothing but text is needed: no browser, no library. Pictures stay readable in grey:
every product has its own lightness and a number, every edge a dark line.

The viewer looks from the far corner of length and width down on the carton, so x runs
to the right and down, y to the left and down, z up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sin

from .model import Box, Placement

Point = tuple[float, float]
Corner = tuple[float, float, float]

COS, SIN = cos(radians(30)), sin(radians(30))
WIDTH = 460  # px of the picture, legend and captions below
MARGIN = 34
LINE = 17  # px between two lines of text
SHOWN = 12  # products in the legend
TINTS = (  # neighbours differ in lightness, so that they do in grey as well
    "#fbeecb", "#8fb8de", "#b9dcae", "#c97b72", "#e6dcf5", "#6fa86e",
    "#f5c6a5", "#9a8bc2", "#d5eef7", "#b8935a", "#eec3dc", "#5f9292",
)  # fmt: skip
NEW, EARLIER = "#e8590c", "#e9ecef"
SHADES = {"top": 1.0, "left": 0.86, "right": 0.72}


@dataclass(frozen=True, slots=True)
class Words:
    """The words in the pictures, to be translated."""

    step: str = "Step {number} of {total}: {quantity} x {name}"
    left: str = "{left} more to come"
    last: str = "the last"
    more: str = "and {number} more products"
    cut: str = "cut down to {height} mm"


@dataclass(frozen=True, slots=True)
class Step:
    """Equal units that are put in together, and what of the product is still left."""

    placements: tuple[Placement, ...]
    left: int

    @property
    def key(self) -> Hashable:
        """The product."""
        return self.placements[0].key


def steps(box: Box) -> list[Step]:
    """The order to put the units in: from the floor up, from the back to the front.

    Units of one product that lie side by side at one height are one step. Nothing is
    ever put under what is already there.
    """
    order = sorted(box.placements, key=lambda p: (p.z, p.y + p.x, p.y, p.x))
    runs: list[list[Placement]] = []
    for placement in order:
        # runs at the same height may change places: they do not lie on each other
        for run in runs:
            first = run[0]
            if (
                first.z == placement.z
                and first.key == placement.key
                and (first[4:] == placement[4:])
            ):
                run.append(placement)
                break
        else:
            runs.append([placement])
    left = Counter(placement.key for placement in box.placements)
    found = []
    for run in runs:
        left[run[0].key] -= len(run)
        found.append(Step(tuple(run), left[run[0].key]))
    return found


def draw(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    step: int | None = None,
    words: Words | None = None,
) -> str:
    """An SVG picture of a packed carton.

    :param box: the packed carton
    :param names: what to call each key; the key itself by default
    :param step: number of a step from ``steps``, from 1: only what is in by then is
        drawn, with what has just been put in coloured; ``None`` for the whole carton
    :param words: texts, for translation
    :return: the text of an SVG document
    """
    picture = _Picture(box, names or {}, words or Words())
    return picture.step(step) if step else picture.whole()


def draw_steps(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    words: Words | None = None,
) -> list[str]:
    """One SVG picture per step, from the floor up."""
    return [draw(box, names, n, words) for n in range(1, len(steps(box)) + 1)]


def draw_captioned(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    words: Words | None = None,
) -> list[tuple[str, str, str]]:
    """Steps for pages that set the words themselves, in a size that can be read.

    :return: ``(SVG picture without words, what to put in, what is still to come)``
    """
    names, words = names or {}, words or Words()
    found = steps(box)
    return [
        (
            _Picture(box, names, words).bare_step(found, number),
            *_caption(found, number, names, words),
        )
        for number in range(1, len(found) + 1)
    ]


def _caption(
    found: Sequence[Step], number: int, names: Mapping[Hashable, str], words: Words
) -> tuple[str, str]:
    """What to put in with a step, and what is still to come."""
    now = found[number - 1]
    put = words.step.format(
        number=number, total=len(found), quantity=len(now.placements),
        name=names.get(now.key, now.key),
    )  # fmt: skip
    return put, words.left.format(left=now.left) if now.left else words.last


class _Picture:
    def __init__(self, box: Box, names: Mapping[Hashable, str], words: Words):
        self.box = box
        self.names = names
        self.words = words
        self.size = box.carton.inner
        length, width, height = self.size
        across = (length + width) * COS
        self.scale = (WIDTH - 2 * MARGIN) / across
        # a tall carton must not become a tower of a picture
        self.scale = min(self.scale, WIDTH / ((length + width) * SIN + height))
        self.left = (WIDTH - across * self.scale) / 2 + width * COS * self.scale
        self.top = MARGIN + height * self.scale
        self.bottom = self.top + (length + width) * SIN * self.scale
        self.keys = list(dict.fromkeys(p.key for p in box.placements))
        self.shapes: list[str] = []

    def whole(self) -> str:
        """All units, a tint and a number for each product, a legend below."""
        self._back()
        order = back_to_front(self.box.placements)
        for placement in order:
            number = self.keys.index(placement.key)
            self._unit(placement, TINTS[number % len(TINTS)])
        for place, placement in enumerate(order):
            number = str(self.keys.index(placement.key) + 1)
            self._label(placement, number, order[place + 1 :])
        self._front()
        counts = Counter(p.key for p in self.box.placements)
        lines = [
            (f"{number}  {self._name(key)} x {counts[key]}", TINTS[(number - 1) % 12])
            for number, key in enumerate(self.keys[:SHOWN], 1)
        ]
        if len(self.keys) > SHOWN:
            more = self.words.more.format(number=len(self.keys) - SHOWN)
            lines.append((more, None))
        return self._document(lines)

    def step(self, number: int) -> str:
        """What is in after a step; the new units coloured and outlined through all."""
        found = steps(self.box)
        self._draw_step(found, number)
        names = {key: self._name(key) for key in self.keys}
        put, rest = _caption(found, number, names, self.words)
        return self._document([(put, NEW), (rest, None)])

    def bare_step(self, found: Sequence[Step], number: int) -> str:
        """The same without any words."""
        self._draw_step(found, number)
        return self._svg(self.bottom + MARGIN)

    def _draw_step(self, found: Sequence[Step], number: int) -> None:
        now = found[number - 1]
        before = [p for earlier in found[: number - 1] for p in earlier.placements]
        self._back()
        for placement in back_to_front([*before, *now.placements]):
            new = placement in now.placements
            self._unit(placement, NEW if new else EARLIER, bold=new)
        for placement in now.placements:
            self._outline(placement)
        self._front()

    # -- parts ---------------------------------------------------------------------

    def _name(self, key: Hashable) -> str:
        name = str(self.names.get(key, key))
        return name if len(name) <= 44 else name[:43] + "…"

    def _at(self, corner: Corner) -> Point:
        x, y, z = corner
        return (
            self.left + (x - y) * COS * self.scale,
            self.top + ((x + y) * SIN - z) * self.scale,
        )

    def _polygon(self, corners: Sequence[Corner], style: str) -> None:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self._at, corners))
        self.shapes.append(f'<polygon points="{points}" {style}/>')

    def _line(self, start: Corner, end: Corner, style: str) -> None:
        (x1, y1), (x2, y2) = self._at(start), self._at(end)
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'
        )

    def _text(self, x: float, y: float, text: str, size: float, more: str = "") -> None:
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.0f}" {more}>'
            f"{escape(text)}</text>"
        )

    def _back(self) -> None:
        """Floor and the two walls behind."""
        length, width, height = self.size
        style = 'stroke="#868e96" stroke-width="1" fill='
        floor = [(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)]
        self._polygon(floor, f'{style}"#f8f5ef"')
        wall = [(0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height)]
        self._polygon(wall, f'{style}"#fbf9f5"')
        wall = [(0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height)]
        self._polygon(wall, f'{style}"#fdfcfa"')

    def _front(self) -> None:
        """Edges before the units, dashed, and the inner size."""
        length, width, height = self.size
        style = 'stroke="#495057" stroke-width="1" stroke-dasharray="4 3"'
        near = (length, width, height)
        for far in ((length, width, 0), (length, 0, height), (0, width, height)):
            self._line(near, far, style)
        for start, end in (
            ((length, 0, 0), (length, 0, height)),
            ((0, width, 0), (0, width, height)),
        ):
            self._line(start, end, style)
        grey = 'fill="#495057" text-anchor="middle"'
        x, y = self._at((length, width / 2, 0))
        self._text(x + 14, y + 16, f"{width}", 12, grey)
        x, y = self._at((length / 2, width, 0))
        self._text(x - 14, y + 16, f"{length}", 12, grey)
        x, y = self._at((0, width, height / 2))
        self._text(x - 6, y, f"{height}", 12, 'fill="#495057" text-anchor="end"')

    def _unit(self, p: Placement, tint: str, bold: bool = False) -> None:
        x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
        faces = {
            "left": [(p.x, y, p.z), (x, y, p.z), (x, y, z), (p.x, y, z)],
            "right": [(x, p.y, p.z), (x, y, p.z), (x, y, z), (x, p.y, z)],
            "top": [(p.x, p.y, z), (x, p.y, z), (x, y, z), (p.x, y, z)],
        }
        line = 1.6 if bold else 0.8
        for side, corners in faces.items():
            fill = _shaded(tint, SHADES[side])
            self._polygon(
                corners,
                f'fill="{fill}" stroke="#343a40" stroke-width="{line}" '
                'stroke-linejoin="round"',
            )

    def _label(self, p: Placement, label: str, nearer: Sequence[Placement]) -> None:
        """The number in the middle of the largest face where nothing hides it."""
        x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
        mid_x, mid_y, mid_z = p.x + p.length / 2, p.y + p.width / 2, p.z + p.height / 2
        faces = (
            (min(p.length, p.width), (mid_x, mid_y, z)),
            (min(p.length, p.height), (mid_x, y, mid_z)),
            (min(p.width, p.height), (x, mid_y, mid_z)),
        )
        for room, middle in sorted(faces, reverse=True):
            size = min(16.0, room * self.scale * 0.7)
            if size < 6:
                return
            if not any(_hides(other, middle) for other in nearer):
                u, v = self._at(middle)
                style = 'fill="#212529" text-anchor="middle" font-weight="bold"'
                self._text(u, v + size * 0.36, label, size, style)
                return

    def _outline(self, p: Placement) -> None:
        """Edges of a unit, seen through whatever is before it."""
        x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
        style = 'fill="none" stroke="#212529" stroke-width="1" stroke-dasharray="2 2"'
        top = [(p.x, p.y, z), (x, p.y, z), (x, y, z), (p.x, y, z)]
        self._polygon(top, style)
        self._polygon([(p.x, y, p.z), (x, y, p.z), (x, y, z), (p.x, y, z)], style)
        self._polygon([(x, p.y, p.z), (x, y, p.z), (x, y, z), (x, p.y, z)], style)

    def _title(self) -> str:
        carton = self.box.carton
        title = str(carton.key)
        if carton.cut is not None:
            title += f", {self.words.cut.format(height=carton.cut)}"
        return title

    def _document(self, lines: Sequence[tuple[str, str | None]]) -> str:
        y = self.bottom + MARGIN + 6
        for text, tint in lines:
            if tint:
                self.shapes.append(
                    f'<rect x="14" y="{y - 10:.1f}" width="12" height="12" '
                    f'fill="{tint}" stroke="#343a40"/>'
                )
            self._text(34, y, text, 13, 'fill="#212529"')
            y += LINE
        self._text(14, 20, self._title(), 14, 'fill="#212529" font-weight="bold"')
        return self._svg(y)

    def _svg(self, height: float) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" '
            f'height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
            'font-family="Helvetica, Arial, sans-serif">'
            f"<title>{escape(self._title())}</title>" + "".join(self.shapes) + "</svg>"
        )


def back_to_front(placements: Sequence[Placement]) -> list[Placement]:
    """The order to paint units in, so that the nearer hides the farther.

    One unit is behind another if it ends before the other begins along some axis;
    units are taken when nothing behind them is left. Three units can lie in a circle
    each behind the next; then the one farthest back goes first.
    """
    left = sorted(placements, key=lambda p: (p.x + p.y + p.z, p))
    behind = {
        n: {m for m, q in enumerate(left) if m != n and _behind(q, p)}
        for n, p in enumerate(left)
    }
    order: list[Placement] = []
    while behind:
        free = min(behind, key=lambda n: (len(behind[n]), n))
        del behind[free]
        for others in behind.values():
            others.discard(free)
        order.append(left[free])
    return order


def _sight(p: Placement) -> tuple[tuple[int, int], ...]:
    """Where a unit is seen: ranges of x-y, x-z and y-z, equal along a sight line."""
    x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
    return (p.x - y, x - p.y), (p.x - z, x - p.z), (p.y - z, y - p.z)


def _hides(p: Placement, corner: Corner) -> bool:
    """Whether a unit painted later covers a point."""
    x, y, z = corner
    seen = zip(_sight(p), (x - y, x - z, y - z), strict=True)
    return all(low < at < high for (low, high), at in seen)


def _behind(one: Placement, other: Placement) -> bool:
    """Whether ``other`` hides some of ``one``: seen at one place, and before it."""
    ranges = zip(_sight(one), _sight(other), strict=True)
    if any(end <= start or stop <= begin for (begin, end), (start, stop) in ranges):
        return False
    return (
        one.x + one.length <= other.x
        or one.y + one.width <= other.y
        or one.z + one.height <= other.z
    )


def _shaded(tint: str, share: float) -> str:
    """A colour ``#rrggbb`` made darker."""
    parts = (int(tint[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * share):02x}" for part in parts)
