"""What is to become of each order of the demo company, and when."""

import random

from ..company.terms import CREDIT_WATCH

#: What an order goes through, in order; ``PARCEL_STEPS`` when the invoice goes with it.
STEPS = (
    "ordered",
    "confirmed",
    "released",
    "picked",
    "packed",
    "shipped",
    "delivered",
    "invoiced",
    "paid",
)
PARCEL_STEPS = (*STEPS[:6], "invoiced", "delivered", "paid")
#: Last step of each reach.
REACH = {
    "draft": "ordered",
    "sent": "ordered",
    "held": "confirmed",
    "cancelled": "released",
    "partial": "shipped",
}


class Plan:
    """One order to be made: what, how far, and when each step happened."""

    def __init__(self, row, customer, clock, index):
        self.row = row
        self.customer = customer
        self.ref = row["customer"]
        self.reach = row["reach"]
        self.twist = row["twist"]
        self.index = index
        self.rng = random.Random(f"{self.ref}/{self.reach}/{index}")
        self.one_step = customer["warehouse"] == "vnl"
        self.carrier = customer["carrier"]
        self.is_approved = customer["channel"] == "field"
        invoice_goes_along = (
            self.carrier in ("parcel", "europe")
            and not self.is_approved
            and customer["term"] != "prepaid"
            and self.ref not in CREDIT_WATCH
        )
        self.steps = PARCEL_STEPS if invoice_goes_along else STEPS
        self.times = self._plan_times(clock)
        self.order = None

    @property
    def last(self):
        """The last step that the order reached."""
        if self.reach == "cancelled" and self.twist == "picked":
            return "picked"
        return REACH.get(self.reach, self.reach)

    def has(self, step):
        """Whether the order got to the step."""
        return self.steps.index(step) <= self.steps.index(self.last)

    def _gap(self, step):
        """Office hours before the step."""
        rng = self.rng
        far = {"nl": 0, "be": 4, "lu": 4, "de": 6}.get(self.customer["country"], 14)
        if step == "released":
            waits = self.is_approved or self.twist in ("lifted", "prepaid")
            return rng.uniform(2, 9) if waits else 0
        if self.one_step and step in ("picked", "packed"):
            return 0.2
        low, high = {
            "confirmed": (0.1, 2.5),
            "picked": (1.0, 3.5),
            "packed": (0.5, 1.8),
            "shipped": (0.7, 3.5),
            "delivered": (4 + far, 9 + far),
            "invoiced": (0.5, 5),
        }[step]
        return rng.uniform(low, high)

    def _plan_times(self, clock):
        """``{step: naive UTC}``, counted back from now."""
        times = {}
        steps = self.steps[: self.steps.index(self.last) + 1]
        age = float(self.row["age"]) * self.rng.uniform(0.93, 1.05)
        last = steps[-1]
        if last == "paid":
            times["paid"] = clock.back(
                clock.days_back(clock.now, age), self.rng.uniform(0.2, 6)
            )
            days = {"prepaid": 1, "15": 14, "30": 24, "45": 30}[self.customer["term"]]
            moment = clock.back(
                clock.days_back(
                    times["paid"], max(days + self.rng.randrange(-5, 5), 0)
                ),
                self.rng.uniform(0.2, 6),
            )
            if self.twist == "prepaid":
                moment = times["paid"]
            steps = steps[:-1]
            times[steps[-1]] = moment
        else:
            times[last] = clock.back(clock.now, age)
        for step, before in zip(steps[:0:-1], steps[-2::-1], strict=True):
            times[before] = clock.back(times[step], self._gap(step))
        return times

    def time(self, step):
        """When the step happened."""
        return self.times[step]
