"""Billable weight as what the packing engine makes least.

Money decides between plans of the same weight, and never against weight: the engine is
asked for weight in steps, and what all the parcels of a plan cost together counts for
less than one of them, whatever the currency.
"""

from dataclasses import replace
from math import inf

from .parcel_price import Offer

#: Steps per kg or lb: differences below a thousandth are never shown, nor billed.
STEPS = 1000
#: Steps that all the money of a plan counts for at most.
TIES = 0.5


class BillableWeight:
    """``weight(outer, gross)`` that one parcel is billed with, in the rule's own unit.

    What is made least for methods whose cartons are chosen by it.

    :param price: ``ParcelPrice`` of the method: its rule, classes and surcharges
    """

    minimised = "weight"

    def __init__(self, price):
        self.price = price
        self.unit = price.unit
        #: Whether parcels are added up before the carrier rounds.
        self.is_shipment = price.rule is not None and price.rule.scope == "shipment"
        self._known = {}

    def __call__(self, outer, gross):
        return self.weigh(outer, gross)[0]

    def weigh(self, outer, gross):
        """(billable weight, what the surcharges cost) of one parcel."""
        key = (*outer, gross)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._weigh(outer, gross)
        return found

    def _weigh(self, outer, gross):
        price = self.price
        billed = price.bill(outer, gross)
        if price.refused.intersection(billed.classes):
            return inf, 0.0
        if self.is_shipment:
            weight = price.share(outer, gross)
        else:
            weight = float(billed.billable)
        return weight, price.surcharge(billed.classes)

    def offer(self, items, cartons):
        """What the engine is asked: of plans with the same weight, the one with the
        least surcharges and cost of cartons."""
        return WeightOffer(self, items, cartons)

    def total(self, parcels):
        """Billable weight of a shipment.

        :param parcels: list of (outer mm, gross g)
        """
        if not self.is_shipment:
            return sum(float(self.price.bill(*parcel).billable) for parcel in parcels)
        return float(self.price.bill_all(parcels).billable) if parcels else 0.0

    def sign(self):
        """What the weight depends on, for comparison."""
        return ("weight", self.price.sign())


class WeightOffer(Offer):
    """Steps of weight, and behind them what parcels and cartons cost.

    :param weight: :class:`BillableWeight`
    :param items: what is packed: there are no more parcels than units
    :param cartons: what may be used, their cost in money
    """

    def __init__(self, weight, items, cartons):
        self._weight = weight
        self._tie = self._get_tie(items, cartons)
        cartons = [
            replace(carton, cost=self._tie * float(carton.cost)) for carton in cartons
        ]
        super().__init__(self._price, cartons)

    def _get_tie(self, items, cartons):
        """Steps per unit of money."""
        surcharges = self._weight.price.surcharges.values()
        dearest = max((float(carton.cost) for carton in cartons), default=0.0)
        dearest += sum(amount for amount in surcharges if amount > 0)
        parcels = sum(item.quantity for item in items if item.quantity > 0)
        return TIES / (dearest * parcels) if dearest and parcels else 0.0

    def _price(self, outer, gross):
        weight, surcharge = self._weight.weigh(outer, gross)
        return STEPS * weight + self._tie * max(surcharge, 0.0)

    def plain(self, plan):
        """The plan in kg or lb, without what decided between equals.

        Any plan has at least the engine's bound less what ties count for: where less
        than a step is between that and this plan, none weighs less.
        """
        boxes = tuple(
            replace(
                box,
                carton=replace(box.carton, cost=0),
                price=self._weight(box.carton.outer, box.gross),
            )
            for box in plan.boxes
        )
        weight = sum(box.price for box in boxes)
        bound = max(float(plan.bound) - TIES, 0.0) / STEPS
        best = plan.proven or weight - bound < 1 / STEPS
        return replace(
            plan,
            boxes=boxes,
            price=weight,
            bound=weight if best else bound,
            proven=best and plan.complete and not plan.guessed,
        )
