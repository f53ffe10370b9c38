"""Why a carton was taken and not a cheaper one, in words that a packer reads."""

from dataclasses import dataclass
from math import ceil, inf

from ...packing.geometry import orientations
from .contents import is_carton, split_key

#: Missing more, another arrangement might do: the sentence would promise too much.
SAID_MM = 30
#: Boxes whose contents miss a cheaper carton by no more are worth a look.
NEARLY_MM = 10


@dataclass
class Why:
    """Why this carton, in words and figures.

    :ivar nearly_mm: how much the contents miss a better carton by, 0 if by more
    :ivar nearly_side: along which side, or ``unit`` for one unit that is too large
    :ivar nearly_key: of that unit
    :ivar nearly_saving: what the better carton would save of what is made least
    """

    text: str
    nearly_mm: int = 0
    nearly_side: str | None = None
    nearly_key: object = None
    nearly_saving: float = 0.0


class Reasons:
    """Explains the boxes of a plan."""

    def __init__(self, env):
        self.env = env

    def explain(self, box, offer, objective, used):
        """Why no cheaper carton was taken: the sentence a packer reads.

        :param box: engine box
        :param offer: what the engine was asked, ``parcel_price.Offer``
        :param objective: what is made least, ``ParcelPrice`` or ``BillableWeight``
        :param dict used: ``{key of a carton: number}`` that the whole plan takes
        """
        if not is_carton(box.carton.key):
            return Why(self.env._("It ships as it is."))
        better = self._find_better(box, offer)
        by_weight = objective.minimised == "weight"
        if not better:
            return Why(self._cheapest(box.carton.cut, by_weight))
        # the largest of them is the one that was nearest to being taken
        volume, would, carton = max(better, key=lambda row: (row[0], -row[1]))
        saving = max(float(box.price) - would, 0)
        if by_weight:
            # what the carton is billed less, without what decides between equals
            saving = self._weight_saving(box, carton, objective)
        name = self.env["stock.package.type"].browse(carton.key).name
        if volume < box.carton.usable_volume:
            name = self.env._("The next smaller carton, %s,", name)
        elif by_weight and saving:
            name = self.env._("The carton that is billed less, %s,", name)
        else:
            name = self.env._("The cheaper carton, %s,", name)
        return self._misfit(box, carton, name, saving, used.get(carton.key, 0))

    @staticmethod
    def _weight_saving(box, carton, weight):
        content = box.gross - box.carton.tare - box.carton.filler
        would = weight(carton.outer, content + carton.tare + carton.filler)
        return max(weight(box.carton.outer, box.gross) - would, 0.0)

    @staticmethod
    def _find_better(box, offer):
        """Cartons that were not taken, though the contents would ship for less in them.

        :return: list of (volume, what would be to pay, carton); smaller ones that are
            no dearer are among them
        """
        paid = float(box.price)
        content = box.gross - box.carton.tare - box.carton.filler
        found = []
        for carton in offer.cartons:
            would = offer.price(carton.outer, content + carton.tare + carton.filler)
            if would == inf or carton.key == box.carton.key:
                continue
            would = float(would) + float(carton.cost)
            volume = carton.usable_volume
            smaller = volume < box.carton.usable_volume and would <= paid + 1e-9
            if would < paid - 1e-9 or smaller:
                found.append((volume, would, carton))
        return found

    def _cheapest(self, cut, by_weight):
        """That no other carton is better, as cost or billable weight is made least."""
        if cut and by_weight:
            return self.env._("Cut down to %s mm it is billed least.", cut)
        if cut:
            return self.env._("Cut down to %s mm it costs least.", cut)
        if by_weight:
            return self.env._("No other carton is billed less.")
        return self.env._("No other carton costs less.")

    def _misfit(self, box, carton, name, saving, used):
        content = box.gross - box.carton.tare - box.carton.filler
        if not carton.carries(content):
            return Why(self.env._("%s may not hold as much weight.", name))
        too_large = self._too_large(box, carton, name, saving)
        if too_large:
            return too_large
        units_volume = sum(p.length * p.width * p.height for p in box.placements)
        if units_volume > carton.usable_volume:
            share = ceil((units_volume / carton.usable_volume - 1) * 100)
            return Why(
                self.env._(
                    "%(carton)s is too small: the contents need %(share)s %% more"
                    " room.",
                    carton=name,
                    share=share,
                )
            )
        if carton.available is not None and carton.available <= used:
            return Why(self.env._("%s is out of stock.", name))
        nearly = self._nearly(box, carton)
        if nearly and nearly[1] <= SAID_MM:
            side, missing = nearly
            return Why(
                self._too_short(name, side, missing), missing, side, None, saving
            )
        return Why(self.env._("%s does not take the contents together.", name))

    def _too_large(self, box, carton, name, saving):
        """One unit that the carton does not take in any position."""
        for placement in sorted(
            set(box.placements), key=lambda p: -max(p.length, p.width, p.height)
        ):
            sides = (placement.length, placement.width, placement.height)
            inner = carton.usable
            turns = orientations(*sides, "lwh", True)
            if any(all(a <= b for a, b in zip(t, inner, strict=True)) for t in turns):
                continue
            # the position that misses least
            missing = min(
                max(a - b for a, b in zip(turn, inner, strict=True)) for turn in turns
            )
            product_id, _uom_id = split_key(placement.key)
            product = self.env["product.product"].browse(product_id)
            text = self.env._(
                "%(carton)s is %(missing)s mm too small for %(product)s.",
                carton=name,
                missing=missing,
                product=product.display_name,
            )
            if missing <= NEARLY_MM:
                return Why(text, missing, "unit", placement.key, saving)
            return Why(text)
        return None

    @staticmethod
    def _nearly(box, carton):
        """(side, mm) when the arrangement found misses the carton along one side."""
        extent = [
            max(p[axis + 1] + p[axis + 4] for p in box.placements) for axis in range(3)
        ]
        best = None
        for turned in (extent, [extent[1], extent[0], extent[2]]):
            over = [
                (side, have - room)
                for side, have, room in zip(
                    ("length", "width", "height"), turned, carton.usable, strict=True
                )
                if have > room
            ]
            if len(over) == 1 and (best is None or over[0][1] < best[1]):
                best = over[0]
        return best

    def _too_short(self, name, side, missing):
        values = {"carton": name, "missing": missing}
        if side == "height":
            return self.env._("%(carton)s is %(missing)s mm too low.", **values)
        if side == "length":
            return self.env._("%(carton)s is %(missing)s mm too short.", **values)
        return self.env._("%(carton)s is %(missing)s mm too narrow.", **values)
