"""What a carrier bills: dated rules from outer size and gross weight.

Everything is exact: sides and weights become fractions in the carrier's own unit and
are rounded only where the carrier rounds. A rule is plain data; ``carriers`` has those
of the common carriers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

Number = int | float | str | Decimal | Fraction
Sides = Sequence[Number]  # outer (length, width, height) in mm, in any order

GRAMS = {"lb": Fraction("453.59237"), "kg": Fraction(1000)}
# per unit system: mm in one unit of length, unit of weight, units of length in a metre
UNITS = {
    "in_lb": (Fraction("25.4"), "lb", Fraction(10000, 254)),
    "in_kg": (Fraction("25.4"), "kg", Fraction(10000, 254)),
    "cm_kg": (Fraction(10), "kg", Fraction(100)),
    "m_kg": (Fraction(1000), "kg", Fraction(1)),
}
TRUCK_WIDTH = Fraction("2.4")  # m; a loading metre is 1 m of a truck this wide
STACKED_UP_TO = 1200  # mm; of what is higher, no two stand on each other in a truck
CUBIC_INCHES_PER_FOOT = 1728


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a parcel falls into a class of surcharge or limit.

    One of the limits passed is enough; all are *strictly greater*, in the rule's
    units, after the sides were rounded. Triggers may share a code: one charge.

    :param code: the class, such as ``AHS_DIM`` or ``LARGE``
    :param longest_gt: longest side
    :param second_gt: second longest side
    :param length_girth_gt: longest side plus girth, 2 x (second + third)
    :param volume_gt: rounded length x width x height
    :param weight_gt: actual weight
    :param min_billable: the class is billed at least so much
    :param excludes: classes that are not charged beside this one
    :param date_from, date_to: first and last day it is in force
    """

    code: str
    longest_gt: Number | None = None
    second_gt: Number | None = None
    length_girth_gt: Number | None = None
    volume_gt: Number | None = None
    weight_gt: Number | None = None
    min_billable: Number | None = None
    excludes: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    confidence: str = "B"
    source: str = ""

    @property
    def least(self) -> Fraction:
        """``min_billable``, 0 if there is none."""
        return exact(self.min_billable or 0)

    def hit(self, sides: Sequence[Fraction], weight: Fraction) -> bool:
        """Whether rounded ``sides``, longest first, and actual weight pass a limit."""
        longest, second, third = sides
        measured = (
            (self.longest_gt, longest),
            (self.second_gt, second),
            (self.length_girth_gt, longest + 2 * (second + third)),
            (self.volume_gt, longest * second * third),
            (self.weight_gt, weight),
        )
        return any(
            limit is not None and value > exact(limit) for limit, value in measured
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated version of how a carrier bills weight.

    :param code: the rule all its versions share
    :param units: ``in_lb``, ``in_kg``, ``cm_kg`` or ``m_kg``
    :param divisor: volume per unit of weight
    :param kg_per_m3: instead of a divisor
    :param kg_per_ldm: beside it: kg per loading metre, length x width / 2.4 m of what
        takes floor of its own: not stackable, or over 1.2 m high; the rest counts by
        volume
    :param ldm_over: loading metres count only above so many, or if not stackable
    :param dim_round: ``ceil``, ``half_up`` or ``none``, of sides to ``dim_step``
    :param weight_step: dimensional weight is rounded up to this
    :param actual_step: actual weight is rounded up to this
    :param vol_threshold: dimensional weight counts only above this volume
    :param shape_factor: the volume is multiplied by it first
    :param min_billable: billed at least
    :param cap: dimensional weight above it is billed as the cap
    :param scope: ``piece`` (each rounded, then summed) or ``shipment`` (the reverse)
    :param density_classes: (lb per cubic foot from, freight class), densest last
    :param date_from, date_to: first and last ship date
    :param confidence: ``A`` several sources agree, ``B`` one, ``C`` to be confirmed
    """

    code: str
    units: str
    divisor: Number | None = None
    kg_per_m3: Number | None = None
    kg_per_ldm: Number | None = None
    ldm_over: Number = 0
    dim_round: str = "ceil"
    dim_step: Number = 1
    weight_step: Number = 1
    actual_step: Number = 1
    vol_threshold: Number | None = None
    shape_factor: Number = 1
    min_billable: Number = 0
    cap: Number | None = None
    scope: str = "piece"
    density_classes: tuple[tuple[Number, str], ...] = ()
    triggers: tuple[Trigger, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    confidence: str = "B"
    source: str = ""

    @property
    def unit(self) -> str:
        """Unit of the billed weight, ``kg`` or ``lb``."""
        return UNITS[self.units][1]


@dataclass(frozen=True, slots=True)
class Billed:
    """What is billed, in the rule's own unit.

    :ivar billable: the weight that is billed
    :ivar dimensional: rounded dimensional weight, 0 where none counts
    :ivar actual: rounded actual weight
    :ivar unit: ``kg`` or ``lb``
    :ivar classes: surcharge, limit or freight classes
    """

    billable: Decimal
    dimensional: Decimal
    actual: Decimal
    unit: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """``quantity`` equal parcels or pallets: outer mm (height last) and g of each."""

    outer: Sides
    gross: Number
    quantity: int = 1
    stackable: bool = True


def exact(number: Number) -> Fraction:
    """The number as written: a float counts as its shortest decimal form."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def round_to(value: Fraction, step: Number, how: str = "ceil") -> Fraction:
    """``value`` rounded to a multiple of ``step``."""
    step = exact(step)
    if how == "none" or not step:
        return value
    if how == "ceil":
        return ceil(value / step) * step
    if how == "half_up":
        return floor(value / step + Fraction(1, 2)) * step
    raise ValueError(f"unknown rounding {how!r}")


def version(rules: Iterable[Rule], code: str, day: date) -> Rule | None:
    """The version of a rule for a ship date; the latest start wins."""
    valid = [rule for rule in rules if rule.code == code and in_force(rule, day)]
    return max(valid, key=lambda rule: rule.date_from or date.min, default=None)


def in_force(dated: Rule | Trigger, day: date | None) -> bool:
    """Whether a version or trigger holds on a day; on no day, all do."""
    if day is None:
        return True
    start, end = dated.date_from or date.min, dated.date_to or date.max
    return start <= day <= end


def bill(rule: Rule, pieces: Iterable[Piece], day: date | None = None) -> Billed:
    """The billable weight of a shipment.

    :param pieces: its parcels
    :param day: ship date, for dated triggers
    """
    measures = [_Measure(rule, piece) for piece in pieces]
    if rule.scope == "piece":
        rows = [(_billed(rule, [measure], day, 1), measure) for measure in measures]
    else:
        rows = [(_billed(rule, measures, day, None), None)]
    billable = dimensional = actual = Fraction(0)
    classes: dict[str, None] = {}
    for (paid, volume, weight, found), measure in rows:
        times = measure.piece.quantity if measure else 1
        billable += paid * times
        dimensional += volume * times
        actual += weight * times
        classes |= dict.fromkeys(found)
    return Billed(
        _decimal(billable), _decimal(dimensional), _decimal(actual), rule.unit,
        tuple(classes),
    )  # fmt: skip


class _Measure:
    """Sides and weight of one piece in the units of a rule, exact."""

    def __init__(self, rule: Rule, piece: Piece):
        millimetres, unit, self.per_metre = UNITS[rule.units]
        self.piece = piece
        self.sides = sorted(
            (
                round_to(exact(side) / millimetres, rule.dim_step, rule.dim_round)
                for side in piece.outer
            ),
            reverse=True,
        )
        grams = exact(piece.gross)
        if unit == "lb" and isinstance(piece.gross, int) and grams:
            # whole grams are known to half a gram: 3 lb are 1,361 g, not over 3 lb
            grams -= Fraction(1, 2)
        self.weight = grams / GRAMS[unit]

    @property
    def volume(self) -> Fraction:
        longest, second, third = self.sides
        return longest * second * third

    @property
    def loading_metres(self) -> Fraction | None:
        """Of one piece on the floor: length x width / 2.4; the height stays up.

        ``None`` for cartons and low pallets, which stand on each other.
        """
        length, width, height = (exact(side) for side in self.piece.outer)
        if self.piece.stackable and height <= STACKED_UP_TO:
            return None
        return length * width / 10**6 / TRUCK_WIDTH


def _billed(
    rule: Rule, measures: list[_Measure], day: date | None, times: int | None
) -> tuple[Fraction, Fraction, Fraction, list[str]]:
    """(billable, dimensional, actual, classes) of these pieces taken together."""
    counts = [times or measure.piece.quantity for measure in measures]
    total = sum(
        (m.weight * n for m, n in zip(measures, counts, strict=True)), Fraction(0)
    )
    weight = round_to(total, rule.actual_step)
    dimensional = _dimensional(rule, measures, counts)
    least = exact(rule.min_billable)
    classes = []
    for trigger in _triggered(rule, measures, day):
        classes.append(trigger.code)
        least = max(least, trigger.least)
    classes += _freight_classes(rule, measures, counts, total)
    return max(weight, dimensional, least), dimensional, weight, classes


def _dimensional(rule: Rule, measures: list[_Measure], counts: list[int]) -> Fraction:
    dimensional = by_length = metres = Fraction(0)
    stackable = True
    for measure, number in zip(measures, counts, strict=True):
        by_volume = number * _by_volume(rule, measure)
        dimensional += by_volume
        if measure.loading_metres is None:
            by_length += by_volume
        else:
            metres += number * measure.loading_metres
            stackable = stackable and measure.piece.stackable
    if rule.kg_per_ldm and (metres > exact(rule.ldm_over) or not stackable):
        dimensional = max(dimensional, by_length + metres * exact(rule.kg_per_ldm))
    if rule.cap is not None:
        dimensional = min(dimensional, exact(rule.cap))
    return round_to(dimensional, rule.weight_step)


def _by_volume(rule: Rule, measure: _Measure) -> Fraction:
    """Dimensional weight of one piece, not rounded."""
    volume = measure.volume * exact(rule.shape_factor)
    if rule.vol_threshold is not None and volume <= exact(rule.vol_threshold):
        return Fraction(0)
    if rule.divisor:
        return volume / exact(rule.divisor)
    return volume / measure.per_metre**3 * exact(rule.kg_per_m3 or 0)


def _triggered(rule: Rule, measures: list[_Measure], day: date | None) -> list[Trigger]:
    """Triggers that are hit and not excluded by another that is."""
    hit = [
        trigger
        for trigger in rule.triggers
        if in_force(trigger, day)
        and any(trigger.hit(measure.sides, measure.weight) for measure in measures)
    ]
    excluded = {code for trigger in hit for code in trigger.excludes}
    kept: dict[str, Trigger] = {}
    for trigger in hit:
        other = kept.get(trigger.code)
        if trigger.code not in excluded and (
            other is None or trigger.least > other.least
        ):
            kept[trigger.code] = trigger
    return list(kept.values())


def _freight_classes(
    rule: Rule, measures: list[_Measure], counts: list[int], weight: Fraction
) -> list[str]:
    """Class by density in lb per cubic foot (NMFC item 360 and its 2025 scale).

    None where the rule has no classes, or nothing was measured.
    """
    feet = sum(
        m.volume * n / CUBIC_INCHES_PER_FOOT
        for m, n in zip(measures, counts, strict=True)
    )
    if not rule.density_classes or not feet:
        return []
    density = weight / feet
    found = rule.density_classes[0][1]
    for least, name in rule.density_classes:
        # a weight in whole grams may miss the class by half a gram
        if density + Fraction(1, 1000) >= exact(least):
            found = name
    return [found]


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
