"""The work of a study of cartons, in steps that a background job can take.

Nothing is kept here that is not on the records: a job that was cut off is taken up by
the next one where it stopped.
"""

import time
from collections import Counter, defaultdict
from dataclasses import replace
from math import inf

from odoo.addons.oms_order_cycle.packing.choose import (
    Choice,
    OutOfTime,
    choose,
    cluster,
    refined,
)
from odoo.addons.oms_order_cycle.packing.tenths import whole_sides
from odoo.addons.oms_order_cycle.tools.packer.contents import Collector, Job
from odoo.addons.oms_order_cycle.tools.packer.planner import SUPPORT, Packer

from .carton_study import (
    as_orders,
    clusters_from_json,
    clusters_to_json,
    packed,
    sampled,
    takes,
)

#: Seconds between two looks whether somebody wants to stop it.
BEAT = 2
#: Seconds that prices of all contents may take, and the whole choice: Odoo ends
#: background jobs after 120.
TABLE_SECONDS = 25
CHOOSE_SECONDS = 75
#: Seconds that packing everything in all sets may take, about, and what of them one
#: content in one set gets at least and at most: many boxes can be looked at for hours,
#: and tell little more about a carton than a few.
MEASURE_SECONDS = 90
LEAST_PACK_SECONDS, MOST_PACK_SECONDS = 0.25, 1.0
#: Fewer different contents tell nothing.
LEAST_SAMPLE = 20
#: A shorter history is taken for so many days.
LEAST_DAYS = 30


class Stopped(Exception):
    """Somebody stopped the study, or deleted it."""


class TooSlow(OutOfTime):
    """So many contents cannot be looked at in the time of a background job."""


class StudyJob:
    """Works at one study until ``end``, or until it is done."""

    def __init__(self, study, end):
        self.study, self.end = study, end
        self.env = study.env
        self.price = study._get_price()
        self.today = study._get_today()
        self.candidates = study._get_candidates()
        self.last_beat = 0.0
        self._sample = None

    def run(self):
        """Take steps; true when none is left."""
        while True:
            step = self._next()
            if step is None:
                return True
            step()
            self.study._commit()
            if time.monotonic() >= self.end:
                return False

    def _next(self):
        study = self.study
        if not study.data:
            return self.read_history
        if self.today and not self.today_choice:
            study._keep_today(self.today)
        if self.today_choice and not self.today_choice.is_measured:
            return lambda: self.measure(self.today_choice)
        if not self.chosen:
            return self.choose
        for choice in self.chosen:
            if not choice.is_refined:
                return lambda: self.refine(choice)
        for choice in self.chosen:
            if not choice.is_measured:
                return lambda: self.measure(choice)
        return None

    @property
    def today_choice(self):
        return self.study.choice_ids.filtered(lambda one: one.kind == "today")

    @property
    def chosen(self):
        return self.study.choice_ids.filtered(lambda one: one.kind == "chosen")

    def tell(self, note, share):
        """Keep how far it is, and stop when somebody wants to.

        A new transaction is begun first, so that the state is of now, and what is
        written is committed at once: nobody waits for the other.
        """
        now = time.monotonic()
        if now - self.last_beat < BEAT:
            return
        self.last_beat = now
        study = self.study
        study._commit()
        study.invalidate_recordset(["state"])
        if not study.exists() or study.state != "running":
            raise Stopped
        study.write({"progress": round(share * 100, 1), "progress_note": note})
        study._commit()

    # -- 1: what was shipped --------------------------------------------------------

    def read_history(self):
        """Keep what was shipped in the period, equal contents once.

        :raise UserError: if no delivery can be analyzed
        """
        study = self.study
        found = study._get_transfer_ids()
        step = max(1.0, len(found) / study.transfer_limit)
        ids = [
            found[int(n * step)] for n in range(min(len(found), study.transfer_limit))
        ]
        orders, left_out, touched, guessed = self._orders(self._contents(ids))
        clusters = cluster(orders)
        days = max(LEAST_DAYS, study._get_days(found))
        study.write(
            {
                "transfer_count": len(found),
                "read_count": len(ids),
                "content_count": len(clusters),
                "sample_count": min(study.sample, len(clusters)),
                "left_out_count": touched,
                "left_out_note": "\n".join(
                    self.env._("%(count)s x %(why)s", count=count, why=why)
                    for why, count in left_out.most_common(10)
                ),
                "guessed_count": guessed,
                "days": days,
                "data": {"clusters": clusters_to_json(clusters)},
            }
        )
        if not clusters:
            study._fail_without_orders()

    def _contents(self, ids):
        """``{transfer: contents}``."""
        collectors = defaultdict(Collector)
        for start in range(0, len(ids), 1000):
            rows = self.env["stock.move"]._read_group(
                [
                    ("picking_id", "in", ids[start : start + 1000]),
                    ("state", "=", "done"),
                    ("product_id.type", "=", "consu"),
                ],
                ["picking_id", "product_id", "product_uom", "packaging_uom_id"],
                ["quantity:sum"],
            )
            for picking, product, uom, packaging, quantity in rows:
                quantity = uom._compute_quantity(quantity, product.uom_id, round=False)
                uoms = product.uom_id | uom | packaging
                collectors[picking.id].add(product.id, quantity, uoms.ids)
            self.tell(self.env._("Reading deliveries"), 0.05 * start / len(ids))
        return [collector.contents() for collector in collectors.values()]

    def _orders(self, contents):
        """(orders for the engine, why something is left out and how often, of how many
        deliveries, how many are guessed)."""
        packer = Packer(self.env)
        company = self.study.company_id
        packer.prefetch(Job(rows, False, company.id, None) for rows in set(contents))
        cartons = sorted(
            [*self.today, *self.candidates], key=lambda c: -c.usable_volume
        )
        homes = {}
        orders, left_out, touched, guessed = [], Counter(), 0, 0
        for rows, number in Counter(contents).items():
            items, sizeless, guess = packer.items(company.id, rows)
            guessed += number * guess
            if sizeless:
                left_out[self._sizeless(sizeless)] += number
                touched += number
                continue
            # what ships without a carton costs the same whatever the cartons
            items = whole_sides(item for item in items if not item.own_carton)
            large = [item for item in items if not self._home(item, cartons, homes)]
            touched += number * bool(large)
            for item in large:
                left_out[self._too_large(item)] += number
            items = tuple(item for item in items if item not in large)
            if items:
                orders += [part for part in self._parts(items, cartons)] * number
        return orders, left_out, touched, guessed

    @staticmethod
    def _home(item, cartons, known):
        """Whether any carton takes a unit."""
        size = (item.length, item.width, item.height)
        key = (*size, item.weight, item.vertical, item.turn)
        if key not in known:
            known[key] = any(takes(carton, [item]) for carton in cartons)
        return known[key]

    def _parts(self, items, cartons):
        """An order, in parts where no carton is for all of it: a set is chosen as if
        each order went into cartons of one size."""
        whole = any(takes(carton, items) for carton in cartons) or (
            self.study.mode == "beside"
            and packed(items, self.today, self.price, LEAST_PACK_SECONDS) is not None
        )
        if whole:
            return [items]
        parts = []
        while items:
            part = max(
                (tuple(i for i in items if takes(carton, [i])) for carton in cartons),
                key=lambda found: sum(
                    i.length * i.width * i.height * i.quantity for i in found
                ),
            )
            parts.append(part)
            items = tuple(item for item in items if item not in part)
        return parts

    def _too_large(self, item):
        names = self.env["oms.pack.plan"]._body_names({item.key})
        return self.env._("%s fits in none of the cartons", names[item.key])

    def _sizeless(self, keys):
        names = self.env["oms.pack.plan"]._body_names({min(keys)})
        return self.env._("%s has no size", next(iter(names.values())))

    # -- 2: the best sets -------------------------------------------------------------

    @property
    def sample(self):
        """What is looked at: contents, and how many deliveries each stands for."""
        number = self.study.sample_count
        if self._sample is None or self._sample[0] != number:
            clusters = clusters_from_json(self.study.data["clusters"])
            self._sample = number, sampled(clusters, number), as_orders(clusters)
        return self._sample[1]

    @property
    def orders(self):
        return self.sample and self._sample[2]

    @property
    def floor(self):
        """What an order costs in today's cartons, which is known already."""
        scores = self.today_choice.scores or [None] * len(self.sample)
        paid = {
            one.items: row[0] if row else inf
            for one, row in zip(self.sample, scores, strict=True)
        }
        return lambda items: paid.get(items, inf)

    def _options(self):
        """What finding sets and making them better have in common."""
        return {
            "today": self.today if self.study.mode == "beside" else (),
            "floor": self.floor,
            "support": SUPPORT,
            "sample": self.study.sample_count,
        }

    def choose(self):
        """The best set of each size; with fewer contents where time does not do."""
        study = self.study
        try:
            curve = choose(
                self.orders,
                self.candidates,
                self.price,
                numbers=range(study.number_min, study.number_max + 1),
                progress=self._watch(0.2, 0.35, study.number_max),
                **self._options(),
            )
        except TooSlow:
            if study.sample_count <= LEAST_SAMPLE:
                study._fail_too_slow()
            study._look_at_fewer()
        else:
            study._keep_curve(curve)

    def _watch(self, begin, end, numbers):
        """Progress of the engine between two shares of the whole."""
        start = time.monotonic()
        middle = begin + (end - begin) / 2

        def progress(what, done, of):
            spent = time.monotonic() - start
            if spent > CHOOSE_SECONDS:
                raise TooSlow
            if what == "orders":
                if done >= 5 and spent / done * of > TABLE_SECONDS:
                    raise TooSlow
                note = self.env._("Pricing contents: %(done)s of %(of)s",
                                  done=done, of=of)  # fmt: skip
                self.tell(note, begin + (middle - begin) * done / of)
            elif what == "cartons":
                note = self.env._("Choosing cartons: %(done)s of %(of)s",
                                  done=done, of=numbers)  # fmt: skip
                self.tell(note, middle + (end - middle) * done / of)

        return progress

    def _watch_refining(self, choice):
        """Progress of making a set better; when time is over, it stays as it is."""
        start = time.monotonic()
        every = len(self.chosen)
        ready = len(self.chosen.filtered("is_refined"))

        def progress(what, done, of):
            if time.monotonic() - start > TABLE_SECONDS:
                raise TooSlow
            if what == "orders":
                note = self.env._("Finer steps for %s", choice.name)
                self.tell(note, 0.35 + 0.15 * (ready + done / of) / every)

        return progress

    def refine(self, choice):
        """Sizes between those of the grid; as far as time goes."""
        if self.study.candidate_source == "grid":
            cartons = tuple(choice._get_cartons())
            better = refined(
                Choice(choice.number, cartons, choice.estimate),
                self.orders,
                self.price,
                self.study._get_grid().around,
                progress=self._watch_refining(choice),
                **self._options(),
            )
            choice._set_cartons(better.cartons)
        choice.is_refined = True

    # -- 3: what they really cost -----------------------------------------------------

    @property
    def pack_seconds(self):
        """How long one content may be packed in one set: alike for all of them."""
        study = self.study
        sets = study.number_max - study.number_min + 2
        share = MEASURE_SECONDS / max(1, len(self.sample) * sets)
        return min(MOST_PACK_SECONDS, max(LEAST_PACK_SECONDS, share))

    def measure(self, choice):
        """Pack everything in the set, as far as time goes."""
        is_today = choice.kind == "today"
        beside = not is_today and self.study.mode == "beside"
        cartons = [] if is_today else choice._get_cartons()
        if is_today or beside:
            cartons = [*self.today, *cartons]
        cartons = [replace(carton, available=None) for carton in cartons]
        before = self.today_choice.scores if beside else None
        rows = list(choice.scores or [])
        for number, one in enumerate(self.sample[len(rows) :], len(rows)):
            row = packed(one.items, cartons, self.price, self.pack_seconds)
            rows.append(self._better(row, before[number]) if before else row)
            if time.monotonic() >= self.end:
                break
            self._tell_measured(choice, len(rows))
        choice.write({"scores": rows, "is_measured": len(rows) == len(self.sample)})

    @staticmethod
    def _better(row, before):
        """With more cartons an order can still be packed as it is today."""
        if not row or (before and before[0] < row[0]):
            return before
        return row

    def _tell_measured(self, choice, done):
        every = len(self.chosen)
        ready = len(self.chosen.filtered("is_measured"))
        share = done / len(self.sample)
        begin, part = (0.05, 0.15) if choice.kind == "today" else (0.5, 0.5 / every)
        self.tell(
            self.env._(
                "Packing everything in %(name)s: %(done)s of %(of)s",
                name=choice.name,
                done=done,
                of=len(self.sample),
            ),
            begin + part * (ready + share),
        )
