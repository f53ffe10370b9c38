"""Pictures of a packed carton: isometric SVG, whole and step by step.

Nothing but text is needed: no browser, no library. Pictures stay readable in grey:
every product has its own lightness and a number, every edge a dark line.

The viewer looks from the far corner of length and width down on the carton, so x runs
to the right and down, y to the left and down, z up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from math import cos, radians, sin

from ..model import Box, Placement
from ..tenths import scaled_box
from .sight import Corner, Faces, Screen, back_to_front
from .steps import Step, spread, steps

Point = tuple[float, float]
Scene = list[tuple[Placement, tuple[int, ...]]]  # units to paint, and which faces

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
SHADES = (0.72, 0.86, 1.0)  # right, left, top


@dataclass(frozen=True, slots=True)
class Words:
    """The words in the pictures, to be translated."""

    step: str = "Step {number} of {total}: {quantity} x {name}"
    left: str = "{left} more to come"
    last: str = "the last"
    more: str = "and {number} more products"
    cut: str = "cut down to {height} mm"


def draw(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    step: int | None = None,
    words: Words | None = None,
    order: Iterable[Hashable] | None = None,
) -> str:
    """An SVG picture of a packed carton.

    :param box: the packed carton
    :param names: what to call each key; the key itself by default
    :param step: number of a step from ``steps``, from 1: only what is in by then is
        drawn, with what has just been put in coloured; ``None`` for the whole carton
    :param words: texts, for translation
    :param order: keys of all boxes of the order, so that each has one number and one
        tint in all of them; those of this box by default
    :return: the text of an SVG document
    """
    box = scaled_box(box)
    picture = _Picture(box, names or {}, words or Words(), order)
    if step:
        return next(picture.steps(steps(box), [step]))
    return picture.whole()


def draw_steps(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    words: Words | None = None,
    numbers: Iterable[int] | None = None,
) -> list[str]:
    """One SVG picture per step, from the floor up.

    :param numbers: which steps, from 1; all by default
    """
    box = scaled_box(box)
    found = steps(box)
    wanted = range(1, len(found) + 1) if numbers is None else numbers
    return list(_Picture(box, names or {}, words or Words()).steps(found, wanted))


def draw_captioned(
    box: Box,
    names: Mapping[Hashable, str] | None = None,
    words: Words | None = None,
    most: int | None = None,
) -> list[tuple[str, str, str]]:
    """Steps for pages that set the words themselves, in a size that can be read.

    :param most: of more steps, so many are drawn, spread evenly, the last among them
    :return: ``(SVG picture without words, what to put in, what is still to come)``
    """
    names, words, box = names or {}, words or Words(), scaled_box(box)
    found = steps(box)
    numbers = spread(len(found), most)
    pictures = _Picture(box, names, words).steps(found, numbers, bare=True)
    return [
        (picture, *_caption(found, number, names, words))
        for number, picture in zip(numbers, pictures, strict=True)
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
    def __init__(
        self,
        box: Box,
        names: Mapping[Hashable, str],
        words: Words,
        order: Iterable[Hashable] | None = None,
    ):
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
        inside = dict.fromkeys(p.key for p in box.placements)
        keys = dict.fromkeys([*(order or ()), *inside])
        self.numbers = {
            key: number for number, key in enumerate(keys, 1) if key in inside
        }
        self.shapes: list[str] = []
        self._drawn: dict[tuple, str] = {}

    def whole(self) -> str:
        """All units, a tint and a number for each product, a legend below."""
        self._back()
        faces = Faces(self.box.placements)
        for number in range(len(self.box.placements)):
            faces.put(number)
        (scene,) = self._scenes([faces.seen()])
        for placement, sides in scene:
            self._unit(placement, sides, self._tint(self.numbers[placement.key]))
        screen = Screen([placement for placement, _ in scene])
        for place in range(len(scene)):
            screen.add(place)
        for place, (placement, sides) in enumerate(scene):
            number = str(self.numbers[placement.key])
            self._label(placement, sides, number, screen, place)
        self._front()
        return self._document(self._legend())

    def _legend(self) -> list[tuple[str, str | None]]:
        counts = Counter(p.key for p in self.box.placements)
        lines: list[tuple[str, str | None]] = [
            (f"{number}  {self._name(key)} x {counts[key]}", self._tint(number))
            for key, number in list(self.numbers.items())[:SHOWN]
        ]
        if len(self.numbers) > SHOWN:
            more = self.words.more.format(number=len(self.numbers) - SHOWN)
            lines.append((more, None))
        return lines

    @staticmethod
    def _tint(number: int) -> str:
        return TINTS[(number - 1) % len(TINTS)]

    def steps(
        self, found: Sequence[Step], numbers: Iterable[int], bare: bool = False
    ) -> Iterator[str]:
        """What is in after each step; new units coloured and outlined through all.

        :param bare: without words
        """
        numbers = sorted(set(numbers))
        scenes = self._scenes(self._seen_after(found, numbers))
        names = {key: self._name(key) for key in self.numbers}
        for number, scene in zip(numbers, scenes, strict=True):
            self._draw_step(found[number - 1], scene)
            if bare:
                yield self._svg(self.bottom + MARGIN)
            else:
                put, rest = _caption(found, number, names, self.words)
                yield self._document([(put, NEW), (rest, None)])

    def _seen_after(
        self, found: Sequence[Step], numbers: Sequence[int]
    ) -> list[dict[int, tuple[int, ...]]]:
        """Units and their faces that can be seen after each of the steps."""
        place = {p: number for number, p in enumerate(self.box.placements)}
        faces = Faces(self.box.placements)
        seen = []
        for number, step in enumerate(found[: max(numbers, default=0)], 1):
            for placement in step.placements:
                faces.put(place[placement])
            if number in numbers:
                seen.append(faces.seen())
        return seen

    def _scenes(self, seen: Sequence[dict[int, tuple[int, ...]]]) -> list[Scene]:
        """What is seen, in the order to paint it, which is found once for all."""
        placements = self.box.placements
        place = {p: number for number, p in enumerate(placements)}
        every = sorted(set().union(*seen))
        order = back_to_front([placements[number] for number in every])
        ranked = [(placement, place[placement]) for placement in order]
        return [
            [(placement, one[number]) for placement, number in ranked if number in one]
            for one in seen
        ]

    def _draw_step(self, now: Step, scene: Scene) -> None:
        new = set(now.placements)
        self.shapes.clear()
        self._back()
        for placement, sides in scene:
            bold = placement in new
            self._unit(placement, sides, NEW if bold else EARLIER, bold)
        for placement in now.placements:
            self._outline(placement)
        self._front()

    # -- parts ---------------------------------------------------------------------

    def _name(self, key: Hashable) -> str:
        name = str(self.names.get(key, key))
        # the end tells the case from the unit
        return name if len(name) <= 44 else f"{name[:30]}…{name[-13:]}"

    def _at(self, corner: Corner) -> Point:
        x, y, z = corner
        return (
            self.left + (x - y) * COS * self.scale,
            self.top + ((x + y) * SIN - z) * self.scale,
        )

    def _polygon(self, corners: Sequence[Corner], style: str) -> None:
        points = " ".join([f"{x:.1f},{y:.1f}" for x, y in map(self._at, corners)])
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

    def _unit(
        self, p: Placement, sides: Iterable[int], tint: str, bold: bool = False
    ) -> None:
        """Paint faces of a unit; what many steps show is drawn once."""
        for side in sides:
            key = (p, side, tint)
            if key not in self._drawn:
                self._face(p, side, tint, 1.6 if bold else 0.8)
                self._drawn[key] = self.shapes.pop()
            self.shapes.append(self._drawn[key])

    def _face(self, p: Placement, side: int, tint: str, line: float) -> None:
        x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
        corners = (
            [(x, p.y, p.z), (x, y, p.z), (x, y, z), (x, p.y, z)],
            [(p.x, y, p.z), (x, y, p.z), (x, y, z), (p.x, y, z)],
            [(p.x, p.y, z), (x, p.y, z), (x, y, z), (p.x, y, z)],
        )[side]
        self._polygon(
            corners,
            f'fill="{_shaded(tint, SHADES[side])}" stroke="#343a40" '
            f'stroke-width="{line}" stroke-linejoin="round"',
        )

    def _label(
        self,
        p: Placement,
        sides: Iterable[int],
        label: str,
        screen: Screen,
        place: int,
    ) -> None:
        """The number in the middle of the largest face where nothing hides it."""
        x, y, z = p.x + p.length, p.y + p.width, p.z + p.height
        mid_x, mid_y, mid_z = p.x + p.length / 2, p.y + p.width / 2, p.z + p.height / 2
        faces = (
            (min(p.width, p.height), (x, mid_y, mid_z)),
            (min(p.length, p.height), (mid_x, y, mid_z)),
            (min(p.length, p.width), (mid_x, mid_y, z)),
        )
        for room, middle in sorted((faces[side] for side in sides), reverse=True):
            size = min(16.0, room * self.scale * 0.7)
            if size < 6:
                return
            if not screen.hides(middle, place):
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


@cache
def _shaded(tint: str, share: float) -> str:
    """A colour ``#rrggbb`` made darker."""
    parts = (int(tint[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * share):02x}" for part in parts)
