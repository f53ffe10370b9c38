from collections import Counter
from dataclasses import replace
from math import inf

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..packing import Box
from ..tools.pack_bench import (
    PackBench,
    finite,
    pack_geometry,
    picture,
    step_pictures,
    unpack_geometry,
)
from ..tools.units import Units

#: Seconds somebody waits for a plan at the bench.
DEADLINE = 2


class OmsPackWizard(models.TransientModel):
    """The packing bench: the boxes of some transfers, to change and to apply.

    What is on the bench is kept in ``draft`` until it is applied: per transfer its
    boxes, each with its carton, what is in it and where, and what the check found.
    """

    _name = "oms.pack.wizard"
    _description = "Packing Bench"

    picking_ids = fields.Many2many("stock.picking", string="Transfers", readonly=True)
    draft = fields.Json(readonly=True)
    bench = fields.Json(compute="_compute_bench")
    is_changed = fields.Boolean(compute="_compute_bench")
    has_faults = fields.Boolean(compute="_compute_bench")
    is_packed = fields.Boolean(compute="_compute_bench")
    has_boxes = fields.Boolean(compute="_compute_bench")
    reason = fields.Char(
        help="Why it is packed otherwise than proposed. It is kept with the plan.",
    )

    # -- opening ------------------------------------------------------------------

    @api.model
    @api.private
    def _open(self, pickings):
        """A bench for transfers, with plans for what is there now."""
        todo = pickings._oms_filter_packing()
        if not todo:
            raise UserError(
                self.env._(
                    "Nothing can be packed here: only open transfers are, at the"
                    " packing step or, in warehouses without one, when shipping."
                )
            )
        wizard = self.create({"picking_ids": [Command.set(todo.ids)]})
        wizard._load()
        if not wizard.draft:
            raise UserError(
                self.env._(
                    "There is nothing to pack yet: no goods are reserved. Check"
                    " availability first."
                )
            )
        return wizard._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pack %s", ", ".join(self.picking_ids.mapped("name"))),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _load(self, force=False):
        """Take the proposed plans onto the bench; make those that are missing."""
        plan_model = self.env["oms.pack.plan"].sudo()
        jobs = {
            picking: job
            for picking in self.picking_ids
            if (job := picking._oms_get_pack_job(here=True)).contents
        }
        stale = {}
        for picking, job in jobs.items():
            plan = picking.oms_pack_plan_ids.filtered(
                lambda plan: plan.state == "proposed"
            )[:1]
            if force or not plan or plan.signature != plan_model._sign(job):
                stale[picking] = job
        if stale:
            plan_model._make(stale, PackBench(self.env, deadline=DEADLINE))
        draft = []
        for picking in self.picking_ids:
            plans = picking.sudo().oms_pack_plan_ids
            applied = plans.filtered(lambda plan: plan.state == "applied")
            if picking in jobs:
                proposed = plans.filtered(
                    lambda plan: plan.state in ("proposed", "failed")
                )[:1]
                draft.append(self._to_draft(picking, proposed, applied))
            elif applied:
                draft.append(self._to_draft(picking, applied[:1], applied))
        self.draft = draft

    @api.model
    def _to_draft(self, picking, plan, applied):
        loose = {}
        for key, quantity, reason in plan.unpacked or ():
            loose[key] = [loose.get(key, [0])[0] + quantity, reason]
        if plan.state == "failed":
            job = picking._oms_get_pack_job(here=True)
            bench = PackBench(self.env)
            bench.prefetch([job])
            bodies = bench.bodies(job.company_id, job.contents)
            loose = {key: [row[0], plan.error] for key, row in bodies.items()}
        return {
            "picking": picking.id,
            "plan": plan.id,
            "applied": plan.state == "applied",
            "applied_ids": applied.ids,
            "changed": False,
            "note": plan.error or "",
            "loose": loose,
            "faults": [],
            "boxes": [self._box_to_draft(box) for box in plan.box_ids],
        }

    @api.model
    def _box_to_draft(self, box):
        return {
            "type": box.package_type_id.id,
            "own": box.is_own_carton,
            "bodies": {
                f"{line.product_id.id}-{line.uom_id.id}": line.quantity
                for line in box.line_ids
            },
            "geometry": box.geometry,
            "gross": box.gross_grams or Units.of(box.env).grams(box.gross_weight),
            "price": box.price,
            "reason": box.reason or "",
            "pinned": False,
            "faults": [],
            "package": box.package_id.name or "",
        }

    # -- what the screen shows ------------------------------------------------------

    @api.depends("draft")
    @api.depends_context("lang")
    def _compute_bench(self):
        for wizard in self:
            draft = wizard.draft or []
            wizard.is_changed = any(entry["changed"] for entry in draft)
            wizard.has_faults = any(
                entry["faults"]
                or entry["loose"]
                or any(b["faults"] for b in entry["boxes"])
                for entry in draft
            )
            wizard.is_packed = any(entry["applied_ids"] for entry in draft)
            wizard.has_boxes = any(
                entry["boxes"] for entry in draft if not entry["applied"]
            )
            wizard.bench = {
                "transfers": [wizard._show(entry) for entry in draft],
                "multi": len(draft) > 1,
            }

    def _show(self, entry):
        """A transfer as the screen draws it."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        plan = self.env["oms.pack.plan"].sudo().browse(entry["plan"])
        job = picking._oms_get_pack_job(here=True)
        bench = PackBench(self.env)
        names = self.env["oms.pack.plan"]._body_names(
            {key for box in entry["boxes"] for key in box["bodies"]} | {*entry["loose"]}
        )
        types = self.env["stock.package.type"].browse(
            carton.key for carton in bench.cartons(job)
        )
        shown = [
            self._show_box(job, number, box, names)
            for number, box in enumerate(entry["boxes"], start=1)
        ]
        price = sum(box["price"] for box in entry["boxes"])
        return {
            "id": picking.id,
            "name": picking.name,
            "partner": picking.partner_id.display_name or "",
            "carrier": picking._oms_get_pack_carrier().name or "",
            "applied": entry["applied"],
            "changed": entry["changed"],
            "verdict": "" if entry["changed"] else plan.verdict or "",
            "proven": plan.is_proven,
            "guessed": plan.is_guessed,
            "saving": ""
            if entry["changed"] or not plan.saving
            else f"{plan.saving:.2f}",
            "note": entry["note"],
            "price": f"{price:.2f}",
            "dearer": f"{price - plan.price:.2f}"
            if entry["changed"] and price - plan.price > 0.005
            else "",
            "billable": self._sum_billable(shown),
            "faults": entry["faults"],
            "loose": [
                {"key": key, "name": names[key], "quantity": row[0], "reason": row[1]}
                for key, row in entry["loose"].items()
            ],
            "boxes": shown,
            "cartons": [{"id": t.id, "name": t.name} for t in types],
        }

    @staticmethod
    def _sum_billable(shown):
        units = {box["unit"] for box in shown}
        if len(units) != 1:
            return ""
        return f"{sum(box['billable'] for box in shown):g} {units.pop()}"

    def _show_box(self, job, number, box, names):
        units = Units.of(self.env)
        box_model = self.env["oms.pack.box"]
        weights = box_model._prepare_weight_vals(
            job, box["geometry"]["outer"], box["gross"]
        )
        name = self._carton_name(box)
        inner = box["geometry"]["inner"]
        volume = sum(row[4] * row[5] * row[6] for row in box["geometry"]["placements"])
        room = inner[0] * inner[1] * inner[2]
        drawn = list(dict.fromkeys(row[0] for row in box["geometry"]["placements"]))
        keys = [*drawn, *(key for key in box["bodies"] if key not in drawn)]
        return {
            "number": number,
            "type": box["type"],
            "own": box["own"],
            "name": name,
            "pinned": box["pinned"],
            "package": box["package"],
            "contents": [
                {
                    "key": key,
                    "name": names[key],
                    "quantity": box["bodies"][key],
                    "number": drawn.index(key) + 1 if key in drawn else 0,
                }
                for key in keys
            ],
            "gross": f"{round(weights['gross_weight'], 3):g} {units.weight_unit}",
            "billable": weights["carrier_billable"],
            "unit": weights["carrier_unit"] or units.weight_unit,
            "billable_label": f"{weights['carrier_billable']:g} "
            f"{weights['carrier_unit'] or units.weight_unit}",
            "surcharges": weights["surcharges"] or "",
            "fill": round(100 * volume / room) if room else 0,
            "reason": box["reason"],
            "faults": box["faults"],
            "svg": picture(self.env, box["geometry"], name, names),
        }

    @api.model
    def _carton_name(self, box):
        if box["own"]:
            return self.env._("without a carton")
        return self.env["stock.package.type"].browse(box["type"]).name

    def get_steps(self, picking_id, number):
        """Pictures of a box, step by step, for the screen."""
        self.ensure_one()
        self._check_own()
        box = self._get_entry(picking_id)["boxes"][number - 1]
        names = self.env["oms.pack.plan"]._body_names(set(box["bodies"]))
        return step_pictures(self.env, box["geometry"], self._carton_name(box), names)

    # -- by hand ------------------------------------------------------------------

    def change_carton(self, picking_id, number, type_id):
        """Put what is in a box into another carton."""
        entry, box = self._touch(picking_id, number)
        box.update(type=int(type_id), own=False)
        return self._replan(entry, [box])

    def move_units(self, picking_id, number, key, quantity, target):
        """Move units to another box.

        :param number: box they are in, 0 for what is not packed
        :param key: what, as in the contents of the box
        :param quantity: how many
        :param target: number of the box they go to; 0 for a new one
        """
        entry = self._get_entry(picking_id)
        source = entry["boxes"][number - 1] if number else None
        have = source["bodies"].get(key, 0) if source else entry["loose"][key][0]
        quantity = int(quantity)
        if not 0 < quantity <= have:
            raise UserError(
                self.env._("Between 1 and %s can be moved from here.", have)
            )
        touched = []
        if source:
            source["bodies"][key] -= quantity
            if not source["bodies"][key]:
                del source["bodies"][key]
            touched.append(source)
        else:
            entry["loose"][key][0] -= quantity
            if not entry["loose"][key][0]:
                del entry["loose"][key]
        if target:
            into = entry["boxes"][target - 1]
        else:
            into = self._new_box(entry, source)
            entry["boxes"].append(into)
        if into["own"]:
            raise UserError(
                self.env._("Box %s has no carton that could take more.", target)
            )
        into["bodies"][key] = into["bodies"].get(key, 0) + quantity
        touched.append(into)
        return self._replan(entry, touched)

    def add_box(self, picking_id, type_id=False):
        """Add an empty box, to move units into."""
        entry = self._get_entry(picking_id)
        box = {**self._new_box(entry, None, type_id), "fresh": True}
        entry["boxes"].append(box)
        return self._replan(entry, [box])

    def remove_box(self, picking_id, number):
        """Take a box away; what was in it is to be packed again."""
        entry = self._get_entry(picking_id)
        box = entry["boxes"].pop(number - 1)
        for key, quantity in box["bodies"].items():
            self._set_loose(entry, key, quantity, self.env._("its box was removed"))
        return self._replan(entry, [])

    def plan_rest(self, picking_id):
        """Plan anew all that nobody has packed by hand."""
        entry = self._get_entry(picking_id)
        bench, job, items, _cartons = self._get_bench(entry)
        pinned = [box for box in entry["boxes"] if box["pinned"]]
        rest = Counter({key: row[0] for key, row in entry["loose"].items()})
        for box in pinned:
            placed = Counter(row[0] for row in box["geometry"]["placements"])
            for key, quantity in list(box["bodies"].items()):
                over = quantity - placed[key]
                if over > 0:
                    rest[key] += over
                    box["bodies"][key] = placed[key]
                if not box["bodies"][key]:
                    del box["bodies"][key]
        for box in entry["boxes"]:
            if not box["pinned"]:
                rest.update(box["bodies"])
        boxes, loose, why = bench.plan_bodies(job, items, rest)
        entry["boxes"] = [box for box in pinned if box["bodies"]]
        entry["boxes"] += [
            self._engine_to_draft(box, words)
            for box, words in zip(boxes, why, strict=True)
        ]
        entry["loose"] = {}
        for key, quantity, reason in loose:
            words = self.env["oms.pack.plan"]._reason_words(reason)
            self._set_loose(entry, key, quantity, words)
        return self._replan(entry, pinned)

    def reset(self):
        """Forget what was changed by hand and plan again."""
        self._check_own()
        self._load(force=True)
        return True

    # -- helpers of the hand --------------------------------------------------------

    def _check_own(self):
        """A bench is for who opened it; transfers may have got out of reach."""
        self.ensure_one()
        self.picking_ids._oms_check_may_pack()

    def _get_entry(self, picking_id):
        self._check_own()
        for entry in self.draft:
            if entry["picking"] == picking_id:
                if entry["applied"]:
                    raise UserError(
                        self.env._("It is packed already. Undo it to change it.")
                    )
                return entry
        raise UserError(self.env._("This transfer is not on the bench."))

    def _touch(self, picking_id, number):
        entry = self._get_entry(picking_id)
        return entry, entry["boxes"][number - 1]

    @staticmethod
    def _set_loose(entry, key, quantity, reason):
        before = entry["loose"].get(key, [0])[0]
        entry["loose"][key] = [before + quantity, reason]

    def _new_box(self, entry, source, type_id=False):
        """An empty box: of the carton given, like the source, or the largest."""
        _bench, _job, _items, cartons = self._get_bench(entry)
        if not cartons:
            raise UserError(self.env._("There is no carton to use."))
        if not type_id and source and not source["own"]:
            type_id = source["type"]
        if not type_id:
            type_id = max(cartons, key=lambda carton: carton.usable_volume).key
        return {
            "type": int(type_id),
            "own": False,
            "bodies": {},
            "geometry": None,
            "gross": 0,
            "price": 0,
            "reason": "",
            "pinned": True,
            "faults": [],
            "package": "",
        }

    def _get_bench(self, entry):
        """(bench, job, ``{key: engine item}``, cartons) of a transfer."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        job = picking._oms_get_pack_job(here=True)
        bench = PackBench(self.env, deadline=DEADLINE)
        bench.prefetch([job])
        items, _sizeless, _guessed = bench.items(job.company_id, job.contents)
        return bench, job, {item.key: item for item in items}, bench.cartons(job)

    def _replan(self, entry, touched):
        """Pack the boxes that were changed, and check all of them."""
        entry["changed"] = True
        bench, job, items, cartons = self._get_bench(entry)
        by_type = {carton.key: carton for carton in cartons}
        price = bench.price(job)
        for box in touched:
            carton = by_type.get(box["type"])
            if not carton:
                raise UserError(
                    self.env._("This carton is not for the carrier of the transfer.")
                )
            self._pack_by_hand(box, carton, bench, items, price)
        for box in entry["boxes"]:
            if box["bodies"]:
                box["fresh"] = False
        # a box goes when the last unit is moved out of it
        entry["boxes"] = [
            box for box in entry["boxes"] if box["bodies"] or box.get("fresh")
        ]
        self._check_boxes(entry, bench, items, cartons)
        self.draft = [
            entry if other["picking"] == entry["picking"] else other
            for other in self.draft
        ]
        return True

    def _pack_by_hand(self, box, carton, bench, items, price):
        """Lay what somebody wants in a box into the carton somebody wants."""
        faults = []
        wanted = [
            replace(items[key], quantity=quantity, own_carton=False)
            for key, quantity in box["bodies"].items()
            if key in items
        ]
        names = self.env["oms.pack.plan"]._body_names(set(box["bodies"]))
        packed, unpacked = (
            bench.pack_box(wanted, carton, price) if wanted else (None, ())
        )
        left = Counter()
        for key, quantity, _reason in unpacked:
            left[key] += quantity
        for key in box["bodies"].keys() - items.keys():
            left[key] += box["bodies"][key]
        faults += [
            self.env._(
                "%(quantity)s x %(name)s: no room found",
                quantity=quantity,
                name=names[key],
            )
            for key, quantity in left.items()
        ]
        if packed is None:
            packed = Box(carton, (), carton.tare + carton.filler, 0)
        # what finds no room is put in all the same: it weighs
        over = sum(
            items[key].weight * quantity
            for key, quantity in left.items()
            if key in items
        )
        gross = packed.gross + over
        if carton.max_gross is not None and gross > carton.max_gross:
            faults.append(self.env._("It is heavier than this carton may be."))
        paid = price(carton.outer, gross) if box["bodies"] else 0
        if paid == inf:
            faults.append(self.env._("The carrier does not take such a parcel."))
        box.update(
            geometry=pack_geometry(packed),
            gross=gross,
            price=finite(paid) + (float(carton.cost) if box["bodies"] else 0),
            reason=self.env._("Chosen by hand."),
            pinned=True,
            faults=faults,
        )

    def _check_boxes(self, entry, bench, items, cartons):
        """What the independent checker finds in all boxes together."""
        by_type = {carton.key: carton for carton in cartons}
        boxes = []
        for box in entry["boxes"]:
            packed = unpack_geometry(box["geometry"], box["type"])
            if box["own"] or box["type"] not in by_type:
                continue
            carton = by_type[box["type"]]
            if packed.carton.cut:
                carton = carton.cut_to(packed.carton.cut)
            weight = sum(items[p.key].weight for p in packed.placements)
            gross = carton.tare + carton.filler + weight
            boxes.append(replace(packed, carton=carton, gross=gross, price=0))
        own = {key for box in entry["boxes"] if box["own"] for key in box["bodies"]}
        rows = [item for item in items.values() if item.key not in own]
        boxes = [box for box in boxes if box.placements]
        names = self.env["oms.pack.plan"]._body_names(set(items))
        entry["faults"] = []
        for fault in bench.check(boxes, rows, cartons):
            for key, name in sorted(names.items(), reverse=True):
                fault = fault.replace(key, name)
            entry["faults"].append(fault)

    @api.model
    def _engine_to_draft(self, box, why):
        own = not isinstance(box.carton.key, int)
        return {
            "type": False if own else box.carton.key,
            "own": own,
            "bodies": dict(Counter(p.key for p in box.placements)),
            "geometry": pack_geometry(box),
            "gross": box.gross,
            "price": finite(box.price),
            "reason": why.text,
            "pinned": False,
            "faults": [],
            "package": "",
        }

    # -- applying -----------------------------------------------------------------

    def action_apply(self):
        """Make Odoo's packages from what is on the bench."""
        self._check_own()
        if self.is_changed and self.has_faults and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The check found faults, or something is not packed. Say in a word"
                    " why it is packed like this all the same."
                )
            )
        plan_model = self.env["oms.pack.plan"].sudo()
        plans = plan_model
        for entry in self.draft:
            if entry["applied"] or not any(box["bodies"] for box in entry["boxes"]):
                continue
            plan = plan_model.browse(entry["plan"])
            if entry["changed"]:
                plan = self._make_manual(entry, plan)
            plans |= plan
        if not plans:
            raise UserError(self.env._("There is no box to pack."))
        plans.with_env(self.env)._apply()
        return {"type": "ir.actions.act_window_close"}

    def _make_manual(self, entry, origin):
        """Keep what somebody packed by hand as a plan; the proposal is overridden."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        _bench, job, items, _cartons = self._get_bench(entry)
        boxes = [
            self._prepare_manual_box(job, box, number, items)
            for number, box in enumerate(
                (box for box in entry["boxes"] if box["bodies"]), start=1
            )
        ]
        plan_model = self.env["oms.pack.plan"].sudo()
        plan = plan_model.create(
            {
                **plan_model._job_vals(picking, job),
                **plan_model._boxes_vals(boxes),
                "origin_id": origin.id,
                "is_manual": True,
                "is_guessed": origin.is_guessed,
                "bound": origin.bound,
                "usual_price": origin.usual_price,
                "override_reason": self.reason,
                "overridden_by": self.env.uid,
                "overridden_at": fields.Datetime.now(),
                "reason": self.env._("Packed by hand."),
                **plan_model._unpacked_vals(
                    [(key, *row) for key, row in entry["loose"].items()]
                ),
            }
        )
        if origin.state == "proposed":
            origin.with_env(self.env)._mark_overridden(
                self.reason or self.env._("Changed at the packing bench")
            )
        elif origin.state == "failed":
            origin.state = "superseded"
        return plan

    @api.model
    def _prepare_manual_box(self, job, box, number, items):
        box_model = self.env["oms.pack.box"].sudo()
        units = Units.of(self.env)
        packed = unpack_geometry(box["geometry"], box["type"])
        content = sum(
            items[key].weight * quantity
            for key, quantity in box["bodies"].items()
            if key in items
        )
        volume = sum(p.length * p.width * p.height for p in packed.placements)
        return {
            "sequence": number,
            "name": False if box["own"] else self._carton_name(box),
            "package_type_id": box["type"],
            "is_own_carton": box["own"],
            "geometry": box["geometry"],
            "price": box["price"],
            "reason": box["reason"],
            "fault_note": "\n".join(box["faults"]) or False,
            "line_ids": [
                Command.create(vals)
                for vals in box_model._prepare_line_vals(box["bodies"], items)
            ],
            **box_model._prepare_size_vals(packed.carton, volume),
            **box_model._prepare_weight_vals(job, packed.carton.outer, box["gross"]),
            "tare_weight": units.weight_of(max(box["gross"] - content, 0)),
            "content_weight": units.weight_of(content),
        }

    def action_undo(self):
        """Take the goods out of the packages again, and plan anew."""
        self._check_own()
        ids = [plan_id for entry in self.draft for plan_id in entry["applied_ids"]]
        self.env["oms.pack.plan"].browse(ids).action_undo()
        self._load()
        return self._get_action()

    def action_print_slip(self):
        """Print the slips of the plans on the bench."""
        self._check_own()
        plans = self.env["oms.pack.plan"].browse(entry["plan"] for entry in self.draft)
        return plans.action_print_slip()
