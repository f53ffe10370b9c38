"""Why a carton was taken and not a cheaper one, in words that a packer reads."""

from dataclasses import dataclass
from math import ceil

from ...packing import Outcome
from .contents import is_carton, split_key

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

    def explain(self, box, offer, objective):
        """Why no better carton was taken: the sentence a packer reads.

        It names a carton only if the engine tried it with these contents.

        :param box: engine box, with what was tried
        :param offer: what the engine was asked, ``parcel_price.Offer``
        :param objective: what is made least, ``ParcelPrice`` or ``BillableWeight``
        """
        if not is_carton(box.carton.key):
            return Why(self.env._("It ships as it is."))
        by_weight = objective.minimised == "weight"
        if not box.tried:
            return Why(self._cheapest(box.carton.cut, by_weight))
        # the largest of them is the one that was nearest to being taken
        trial = box.tried[0]
        saving = max(float(box.price) - float(trial.price), 0)
        if by_weight:
            # what the carton is billed less, without what decides between equals
            saving = self._weight_saving(box, trial.carton, objective)
        name = self.env["stock.package.type"].browse(trial.carton.key).name
        if trial.carton.usable_volume < box.carton.usable_volume:
            name = self.env._("The next smaller carton, %s,", name)
        elif by_weight and saving:
            name = self.env._("The carton that is billed less, %s,", name)
        else:
            name = self.env._("The cheaper carton, %s,", name)
        return self._told(trial, name, saving)

    @staticmethod
    def _weight_saving(box, carton, weight):
        content = box.gross - box.carton.tare - box.carton.filler
        would = weight(carton.outer, content + carton.tare + carton.filler)
        return max(weight(box.carton.outer, box.gross) - would, 0.0)

    def _cheapest(self, cut, by_weight):
        """That no other carton is better, as cost or billable weight is made least."""
        if cut and by_weight:
            return self.env._("Cut down to %s mm it is billed least.", cut)
        if cut:
            return self.env._("Cut down to %s mm it costs least.", cut)
        if by_weight:
            return self.env._("No other carton is billed less.")
        return self.env._("No other carton costs less.")

    def _told(self, trial, name, saving):
        """What became of a trial, in words.

        :param trial: ``packing.Trial``
        :param name: of its carton, as the sentence begins
        :param saving: what it would save of what is made least
        """
        missing, key = (trial.values.get(what) for what in ("missing", "key"))
        if trial.outcome is Outcome.TOO_SHORT:
            side = trial.values["side"]
            text = self._too_short(name, side, missing)
            return Why(text, ceil(missing), side, None, saving)
        if trial.outcome is not Outcome.UNIT_TOO_LARGE:
            return Why(self._misfit(trial, name))
        product_id, _uom_id = split_key(key)
        product = self.env["product.product"].browse(product_id)
        text = self.env._(
            "%(carton)s is %(missing)s mm too small for %(product)s.",
            carton=name,
            missing=missing,
            product=product.display_name,
        )
        if missing <= NEARLY_MM:
            return Why(text, ceil(missing), "unit", key, saving)
        return Why(text)

    def _misfit(self, trial, name):
        if trial.outcome is Outcome.TOO_HEAVY:
            return self.env._("%s may not hold as much weight.", name)
        if trial.outcome is Outcome.OUT_OF_STOCK:
            return self.env._("%s is out of stock.", name)
        if trial.outcome is Outcome.TOO_LITTLE_ROOM:
            return self.env._(
                "%(carton)s is too small: the contents need %(share)s %% more room.",
                carton=name,
                share=trial.values["share"],
            )
        if trial.outcome is Outcome.TOO_SMALL:
            return self.env._("%s does not take the contents together.", name)
        return self.env._(
            "%s was tried: no way to fit the contents in was found.", name
        )

    def _too_short(self, name, side, missing):
        values = {"carton": name, "missing": missing}
        if side == "height":
            return self.env._("%(carton)s is %(missing)s mm too low.", **values)
        if side == "length":
            return self.env._("%(carton)s is %(missing)s mm too short.", **values)
        return self.env._("%(carton)s is %(missing)s mm too narrow.", **values)
