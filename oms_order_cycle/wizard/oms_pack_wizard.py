from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.derived import refuse_derived
from ..tools.pack_bench import (
    PackBench,
    finite,
    keys_in_order,
    picture,
    step_pictures,
    unpack_geometry,
)
from ..tools.units import Units

#: Seconds somebody waits for a plan at the bench.
DEADLINE = 2
#: Changed by the methods of the bench only: packages are made from it.
_GUARDED_FIELDS = frozenset({"draft"})


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

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        return super().write(vals)

    def _keep(self, draft):
        """Lay something on the bench."""
        self.sudo().draft = draft

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
            if todo._oms_get_packed_packages():
                raise UserError(
                    self.env._("Everything that is there is in packages already.")
                )
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
        bench = PackBench(self.env, deadline=DEADLINE)
        bench.prefetch(jobs.values())
        stale = {}
        for picking, job in jobs.items():
            plan = picking.oms_pack_plan_ids.filtered(
                lambda plan: plan.state == "proposed"
            )[:1]
            # what found no carton may find one now
            old = force or not plan or plan.unpacked
            if old or plan._is_outdated(job, bench):
                stale[picking] = job
        if stale:
            plan_model._make(stale, bench)
        draft = []
        for picking in self.picking_ids:
            plans = picking.sudo().oms_pack_plan_ids
            applied = plans.filtered(lambda plan: plan.state == "applied")
            if picking in jobs:
                proposed = plans.filtered(
                    lambda plan: plan.state in ("proposed", "failed")
                )[:1]
                draft.append(self._to_draft(picking, proposed, applied))
            # what was packed before, in rounds of its own
            draft += [
                self._to_draft(picking, plan, applied) for plan in applied.sorted("id")
            ]
        self._keep(draft)

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
            "boxes": [self._box_to_draft(box) for box in plan.box_ids if box.geometry],
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
            "faults": (box.fault_note or "").splitlines(),
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
                if not entry["applied"]
            )
            wizard.is_packed = any(entry["applied_ids"] for entry in draft)
            wizard.has_boxes = any(
                entry["boxes"] for entry in draft if not entry["applied"]
            )
            bench = PackBench(self.env)
            wizard.bench = {
                "transfers": [wizard._show(entry, bench) for entry in draft],
                "multi": len({entry["picking"] for entry in draft}) > 1,
            }

    def _show(self, entry, bench):
        """A transfer as the screen draws it."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        plan = self.env["oms.pack.plan"].sudo().browse(entry["plan"])
        job = picking._oms_get_pack_job(here=True)
        names = self.env["oms.pack.plan"]._body_names(
            {key for box in entry["boxes"] for key in box["bodies"]} | {*entry["loose"]}
        )
        types = self.env["stock.package.type"].browse(
            carton.key for carton in bench.cartons(job)
        )
        order = keys_in_order(box["geometry"] for box in entry["boxes"])
        shown = [
            self._show_box(job, number, box, names, order)
            for number, box in enumerate(entry["boxes"], start=1)
        ]
        price = plan.price
        if entry["changed"]:
            price = self._sum_price(entry, bench.price(job))
        complete = not entry["loose"] and not any(box["faults"] for box in shown)
        return {
            "id": picking.id,
            "plan": plan.id,
            "offset": plan._get_box_offset(),
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
            else plan._format_cost(plan.saving),
            "note": entry["note"],
            "override": plan._get_override() if entry["applied"] else "",
            "price": plan._format_cost(price),
            "complete": complete or not entry["changed"],
            "dearer": plan._format_cost(price - plan.price)
            if entry["changed"] and complete and price - plan.price > 0.005
            else "",
            "billable": self._sum_billable(shown),
            "faults": entry["faults"],
            "loose": [
                {"key": key, "name": names[key], "quantity": row[0], "reason": row[1]}
                for key, row in entry["loose"].items()
            ],
            "boxes": self._merge_alike(shown),
            "targets": [box["number"] for box in shown if not box["own"]],
            "cartons": [{"id": t.id, "name": t.name} for t in types],
        }

    @staticmethod
    def _sum_billable(shown):
        filled = [box for box in shown if box["contents"]]
        units = {box["unit"] for box in filled}
        if len(units) != 1:
            return ""
        return f"{sum(box['billable'] for box in filled):g} {units.pop()}"

    def _sum_price(self, entry, price):
        """What the boxes of a transfer cost together.

        :param price: ``ParcelPrice`` of the transfer
        """
        boxes = [box for box in entry["boxes"] if box["bodies"]]
        if not price.is_shipment:
            return sum(box["price"] for box in boxes)
        types = self.env["stock.package.type"].sudo()
        cartons = sum(types.browse(box["type"] or ()).oms_cost for box in boxes)
        parcels = [
            (tuple(map(Decimal, box["geometry"]["outer"])), box["gross"])
            for box in boxes
        ]
        return finite(price.total(parcels)) + cartons

    @staticmethod
    def _merge_alike(shown):
        """Neighbours that ship as they are and are alike are one card."""
        cards = []
        for box in shown:
            before = cards[-1] if cards else None
            alike = ("own", "contents", "gross", "billable", "faults")
            if (
                before
                and box["own"]
                and all(before[name] == box[name] for name in alike)
            ):
                before["last"] = box["number"]
                before["package"] = ", ".join(
                    filter(None, (before["package"], box["package"]))
                )
            else:
                cards.append({**box, "last": box["number"]})
        return cards

    def _show_box(self, job, number, box, names, order):
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
            "cut": self._cut_words(box["geometry"].get("cut")),
            "pinned": box["pinned"],
            "package": box["package"],
            "contents": [
                {
                    "key": key,
                    "name": names[key],
                    "quantity": box["bodies"][key],
                    "number": order.index(key) + 1 if key in drawn else 0,
                }
                for key in keys
            ],
            "gross": f"{weights['gross_weight']:.3f} {units.weight_unit}",
            "billable": weights["carrier_billable"],
            "unit": weights["carrier_unit"] or units.weight_unit,
            "billable_label": f"{weights['carrier_billable']:g} "
            f"{weights['carrier_unit'] or units.weight_unit}",
            "surcharges": weights["surcharges"] or "",
            "fill": round(100 * volume / room) if room else 0,
            "reason": box["reason"],
            "faults": box["faults"],
            "svg": picture(self.env, box["geometry"], name, names, order),
        }

    @api.model
    def _cut_words(self, millimetres):
        """To what inner height a carton is cut down, for the packer."""
        if not millimetres:
            return ""
        units = Units.of(self.env)
        template = self.env["product.template"]
        unit = template._get_length_uom_name_from_ir_config_parameter()
        height = f"{units.length_of(millimetres):g} {unit}"
        return self.env._("cut down to %s inside", height)

    @api.model
    def _carton_name(self, box):
        if box["own"]:
            return self.env._("without a carton")
        return self.env["stock.package.type"].browse(box["type"]).name

    def get_steps(self, plan_id, number):
        """Pictures of a box, step by step, for the screen.

        :param plan_id: plan on the bench, packed already or not
        :param number: of the box, from 1
        """
        self.ensure_one()
        self._check_own()
        entry = next((e for e in self.draft if e["plan"] == plan_id), None)
        if not entry:
            raise UserError(self.env._("This plan is not on the bench."))
        box = self._get_box(entry, number)
        names = self.env["oms.pack.plan"]._body_names(set(box["bodies"]))
        return step_pictures(self.env, box["geometry"], self._carton_name(box), names)

    # -- applying -----------------------------------------------------------------

    def action_apply(self):
        """Make Odoo's packages from what is on the bench."""
        self._check_own()
        if self.is_changed and self.has_faults and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The check found faults, or something is not packed. Say under"
                    " Reason, at the bottom, why it is packed like this all the same."
                )
            )
        plan_model = self.env["oms.pack.plan"].sudo()
        plans = plan_model
        for entry in self.draft:
            if entry["applied"] or not any(box["bodies"] for box in entry["boxes"]):
                continue
            plan = self._get_open_plan(entry)
            if entry["changed"]:
                plan = self._make_manual(entry, plan)
            plans |= plan
        if not plans:
            raise UserError(self._no_box_words())
        plans.with_env(self.env)._apply()
        return {"type": "ir.actions.act_window_close"}

    def _get_open_plan(self, entry):
        """The plan on the bench; somebody else may have packed meanwhile.

        :raise UserError: if it is not the transfer's open plan any more
        """
        plan = self.env["oms.pack.plan"].sudo().browse(entry["plan"]).exists()
        picking = self.picking_ids.filtered(lambda one: one.id == entry["picking"])
        if (
            not picking
            or plan.picking_id != picking
            or (plan.state not in ("proposed", "failed"))
        ):
            raise UserError(
                self.env._(
                    "%s was planned or packed anew in the meantime. Close the bench and"
                    " open it again.",
                    picking.name or plan.display_name or "",
                )
            )
        return plan

    def _no_box_words(self):
        """That there is nothing to apply, and why."""
        plans = (
            self.env["oms.pack.plan"]
            .sudo()
            .browse(entry["plan"] for entry in self.draft if not entry["applied"])
        )
        notes = "\n".join(plan.unpacked_note for plan in plans if plan.unpacked_note)
        if not notes:
            return self.env._("There is no box to pack.")
        return self.env._(
            "There is no box to pack: nothing goes into a carton.\n%s", notes
        )

    def _make_manual(self, entry, origin):
        """Keep what somebody packed by hand as a plan; the proposal is overridden."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        bench, job, items, _cartons = self._get_bench(entry)
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
                **plan_model._boxes_vals(
                    plan_model._trim(boxes, job), bench.price(job)
                ),
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
        self.picking_ids.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "applied"
        ).action_undo()
        self._load()
        return self._get_action()

    def action_print_slip(self):
        """Print the slips of the plans on the bench."""
        self._check_own()
        plans = self.env["oms.pack.plan"].browse(entry["plan"] for entry in self.draft)
        return plans.action_print_slip()
