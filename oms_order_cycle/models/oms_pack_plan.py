import logging
from collections import defaultdict
from copy import deepcopy

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import ormcache

from ..tools.pack_bench import (
    PackBench,
    finite,
    split_key,
)
from ..tools.units import Units

_logger = logging.getLogger(__name__)


class OmsPackPlan(models.Model):
    """How a transfer is to be packed: cartons, what is in each, what that costs.

    Plans are kept when another takes their place, so that what was planned can be
    compared with what was packed.
    """

    _name = "oms.pack.plan"
    _description = "Packing Plan"
    _order = "id desc"
    _check_company_auto = True

    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    carrier_id = fields.Many2one(
        "delivery.carrier", readonly=True, index="btree_not_null"
    )
    origin_id = fields.Many2one(
        "oms.pack.plan",
        string="Changed From",
        readonly=True,
        index="btree_not_null",
        help="The proposal that somebody changed by hand into this plan.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("applied", "Applied"),
            ("overridden", "Overridden"),
            ("superseded", "Superseded"),
            ("failed", "Failed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
        help="Proposed: not packed yet. Applied: packed like this. Overridden: somebody"
        " packed otherwise. Superseded: a newer plan took its place. Failed: no plan"
        " could be made; the transfer can be packed by hand.",
    )
    ship_date = fields.Date(
        readonly=True, help="The carrier's rule of this day is used."
    )
    applied_at = fields.Datetime(string="Applied On", readonly=True)
    applied_by = fields.Many2one("res.users", readonly=True)
    overridden_by = fields.Many2one("res.users", readonly=True)
    overridden_at = fields.Datetime(string="Overridden On", readonly=True)
    override_reason = fields.Char(readonly=True)
    box_ids = fields.One2many("oms.pack.box", "plan_id", string="Boxes", readonly=True)
    box_count = fields.Integer(string="Number of Boxes", readonly=True)
    weight_uom_name = fields.Char(compute="_compute_weight_uom_name")
    gross_weight = fields.Float(digits="Stock Weight", readonly=True)
    billable_weight = fields.Float(
        digits="Stock Weight",
        readonly=True,
        help="What the carrier bills, in the weight unit of Odoo.",
    )
    carrier_billable = fields.Float(
        string="Billable (Carrier)",
        digits=(16, 3),
        readonly=True,
        aggregator=None,
        help="Billable weight in the unit of the carrier.",
    )
    carrier_unit = fields.Char(readonly=True)
    billable_label = fields.Char(string="Billable", compute="_compute_labels")
    price = fields.Float(
        string="Planned Cost",
        digits=(16, 2),
        readonly=True,
        help="Parcels and cartons by the carrier's price rules; without any, the"
        " billable weight.",
    )
    bound = fields.Float(
        string="Cannot Cost Less Than", digits=(16, 2), readonly=True, aggregator=None
    )
    is_proven = fields.Boolean(string="Proven Best", readonly=True)
    usual_price = fields.Float(
        string="Cost by Volume",
        digits=(16, 2),
        readonly=True,
        help="What the smallest cartons by volume would have cost.",
    )
    saving = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="Saved against the fewest and smallest cartons by volume.",
    )
    verdict = fields.Char(compute="_compute_labels")
    reason = fields.Char(string="Why", readonly=True)
    unpacked = fields.Json(readonly=True)
    unpacked_note = fields.Text(string="Not Packed", readonly=True)
    is_guessed = fields.Boolean(
        string="Sizes Guessed",
        readonly=True,
        help="Some product has no measured size: its volume was taken.",
    )
    is_manual = fields.Boolean(string="Packed by Hand", readonly=True)
    error = fields.Char(readonly=True)
    seconds = fields.Float(
        string="Calculated In (s)", digits=(16, 3), readonly=True, aggregator="avg"
    )
    signature = fields.Char(readonly=True, help="Tells whether the contents changed.")
    packed_boxes = fields.Integer(string="Packages Made", readonly=True)
    packed_weight = fields.Float(digits="Stock Weight", readonly=True)
    packed_billable = fields.Float(
        string="Packed Billable Weight", digits="Stock Weight", readonly=True
    )
    billable_difference = fields.Float(
        string="Packed less Planned",
        digits="Stock Weight",
        readonly=True,
        help="Billable weight of what was packed less what was planned.",
    )

    _proposed_idx = models.Index("(picking_id) WHERE state = 'proposed'")

    @api.depends("picking_id.name", "state")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._("Packing of %s", plan.picking_id.name or "")

    @api.depends_context("uid")
    def _compute_weight_uom_name(self):
        template = self.env["product.template"]
        name = template._get_weight_uom_name_from_ir_config_parameter()
        self.weight_uom_name = name

    @api.depends(
        "carrier_billable",
        "carrier_unit",
        "billable_weight",
        "price",
        "bound",
        "is_proven",
        "box_ids",
        "is_manual",
    )
    @api.depends_context("lang")
    def _compute_labels(self):
        for plan in self:
            if plan.carrier_unit:
                plan.billable_label = f"{plan.carrier_billable:g} {plan.carrier_unit}"
            else:
                plan.billable_label = (
                    f"{plan.billable_weight:g} {plan.weight_uom_name or ''}"
                )
            if not plan.box_ids or plan.is_manual:
                plan.verdict = False
            elif plan.is_proven:
                plan.verdict = self.env._("Proven best")
            elif plan.bound > 0:
                gap = (plan.price / plan.bound - 1) * 100
                plan.verdict = self.env._(
                    "Within %s %% of the best possible", f"{max(gap, 0.1):.1f}"
                )
            else:
                plan.verdict = False

    def _get_summary(self):
        """The plan in a few words, for the transfer."""
        self.ensure_one()
        if self.state == "failed":
            return self.env._("No plan could be made: %s", self.error or "")
        names = defaultdict(int)
        for box in self.box_ids:
            names[box._get_title()] += 1
        words = ", ".join(f"{count} x {name}" for name, count in names.items())
        if self.unpacked_note:
            words = self.env._(
                "%s; something is not packed", words or self.env._("no box")
            )
        return self.env._(
            "%(boxes)s (%(weight)s)", boxes=words, weight=self.billable_label
        )

    def _get_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_pack_plan_action"
        )
        action["context"] = {}
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_in_use():
            self.env.registry.clear_cache()
        return super().create(vals_list)

    # -- making plans -------------------------------------------------------------

    @api.model
    @ormcache()
    def _is_in_use(self):
        """Whether cartons are planned here, or have been; asked for each transfer."""
        return self.env["stock.package.type"]._oms_is_packing_set_up() or bool(
            self.sudo().search_count([], limit=1)
        )

    @api.model
    @api.private
    def _make(self, jobs, bench=None):
        """Make a plan for each transfer; a failure becomes a failed plan.

        :param dict jobs: ``{picking: job of the bench}``
        :return: plans, in the order of the jobs; fewer if the bench's time is spent
        """
        bench = bench or PackBench(self.env)
        self = self.sudo()
        pickings = self.env["stock.picking"].union(*jobs)
        try:
            with self.env.cr.savepoint(flush=False):
                bench.prefetch(jobs.values())
        except Exception:
            # each transfer finds out by itself
            _logger.exception("The sizes of %s transfers cannot be read", len(jobs))
        vals_list = []
        for picking, job in jobs.items():
            if bench.is_spent:
                break
            try:
                with self.env.cr.savepoint(flush=False):
                    vals = {
                        **deepcopy(
                            bench.remember(
                                job, lambda job=job: self._plan_vals(job, bench)
                            )
                        ),
                        **self._job_vals(picking, job),
                    }
            except Exception as error:
                _logger.exception("Transfer %s cannot be planned", picking.name)
                vals = {
                    **self._job_vals(picking, job),
                    "state": "failed",
                    "error": str(error) or type(error).__name__,
                }
            vals_list.append(vals)
        planned = pickings.browse(vals["picking_id"] for vals in vals_list)
        planned.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "failed")
        ).state = "superseded"
        return self.create(vals_list)

    @api.model
    def _job_vals(self, picking, job):
        return {
            "picking_id": picking.id,
            "company_id": job.company_id,
            "partner_id": picking.partner_id.id,
            "carrier_id": job.carrier_id,
            "ship_date": job.date,
            "signature": self._sign(job),
        }

    @api.model
    def _sign(self, job):
        """What a plan depends on, to see whether it still holds."""
        contents = sorted(
            (content.product_id, round(content.quantity, 6), *content.uom_ids)
            for content in job.contents
        )
        return f"{job.carrier_id}|{contents}"

    @api.model
    def _plan_vals(self, job, bench):
        """What the plan says, whatever transfer it is for."""
        answer = bench.answer(job)
        plan = answer.plan
        bodies = {item.key: item for item in answer.items}
        boxes = [
            {
                **self.env["oms.pack.box"]._prepare_box_vals(job, box, bodies, number),
                "reason": why.text,
                "nearly_mm": why.nearly_mm,
                "nearly_side": why.nearly_side,
                "nearly_product_id": why.nearly_key and split_key(why.nearly_key)[0],
                "nearly_saving": why.nearly_saving,
            }
            for number, (box, why) in enumerate(
                zip(plan.boxes, answer.why, strict=True), start=1
            )
        ]
        return {
            **self._boxes_vals(boxes),
            "price": finite(plan.price),
            "bound": finite(plan.bound),
            "is_proven": plan.proven,
            "usual_price": finite(answer.baseline),
            "saving": max(finite(answer.baseline) - finite(plan.price), 0),
            "reason": boxes[0]["reason"] if boxes else False,
            "is_guessed": answer.guessed,
            "seconds": answer.seconds,
            **self._unpacked_vals(plan.unpacked),
        }

    @api.model
    def _boxes_vals(self, boxes):
        """Totals of the boxes, and the boxes themselves."""
        units = {box["carrier_unit"] for box in boxes}
        return {
            "box_ids": [Command.create(box) for box in boxes],
            "box_count": len(boxes),
            "gross_weight": sum(box["gross_weight"] for box in boxes),
            "billable_weight": sum(box["billable_weight"] for box in boxes),
            "carrier_unit": units.pop() if len(units) == 1 else False,
            "carrier_billable": sum(box["carrier_billable"] for box in boxes),
            "price": sum(box["price"] for box in boxes),
        }

    @api.model
    def _unpacked_vals(self, unpacked):
        if not unpacked:
            return {}
        counts = defaultdict(int)
        for key, quantity, reason in unpacked:
            counts[key, self._reason_words(reason)] += quantity
        names = self._body_names({key for key, _reason in counts})
        return {
            "unpacked": [
                [key, quantity, reason] for (key, reason), quantity in counts.items()
            ],
            "unpacked_note": "\n".join(
                self.env._(
                    "%(quantity)s x %(name)s: %(reason)s",
                    quantity=quantity,
                    name=names[key],
                    reason=reason,
                )
                for (key, reason), quantity in counts.items()
            ),
        }

    @api.model
    def _reason_words(self, reason):
        """What the engine says, in the language of the user."""
        words = {
            "has no size": self.env._("its size is not known"),
            "has a negative weight": self.env._("its weight is negative"),
            "no edge may stand upright": self.env._("no edge may stand upright"),
            "the carrier does not take it as it is": self.env._(
                "the carrier does not take it as it is"
            ),
            "no carton was offered": self.env._("there is no carton to use"),
            "longer than every carton": self.env._("longer than every carton"),
            "larger than every carton in every position it may have": self.env._(
                "larger than every carton in every position it may have"
            ),
            "leaves too little room for filling in every carton": self.env._(
                "leaves too little room for filling in every carton"
            ),
            "heavier than the limit of every carton it fits in": self.env._(
                "heavier than the limit of every carton it fits in"
            ),
            "the carrier takes no carton it fits in": self.env._(
                "the carrier takes no carton it fits in"
            ),
            "does not go into one carton with all that must stay together": self.env._(
                "does not go into one carton with all that must stay together"
            ),
            "not enough cartons left": self.env._("not enough cartons left"),
        }
        return words.get(reason, reason)

    @api.model
    @api.private
    def _body_names(self, keys):
        """``{key: what a packer calls it}``, with the unit unless it is the usual."""
        pairs = {key: split_key(key) for key in keys if isinstance(key, str)}
        products = self.env["product.product"].sudo()
        products = products.browse({pair[0] for pair in pairs.values()})
        products.fetch(["display_name", "uom_id"])
        names = {}
        for key, (product_id, uom_id) in pairs.items():
            product = products.browse(product_id)
            uom = self.env["uom.uom"].browse(uom_id)
            names[key] = product.display_name
            if uom != product.uom_id:
                names[key] = f"{product.display_name} ({uom.name})"
        return names

    # -- applying -----------------------------------------------------------------

    def action_apply(self):
        """Make Odoo's packages as planned."""
        self.picking_id._oms_check_may_pack()
        wrong = self.filtered(lambda plan: plan.state != "proposed")
        if wrong:
            raise UserError(
                self.env._("Only a proposed plan can be applied, once: %s.",
                           ", ".join(wrong.mapped("display_name")))
            )  # fmt: skip
        self._apply()
        return True

    def _apply(self):
        """Pack: split the lines of the transfers over new packages."""
        now = fields.Datetime.now()
        for plan in self.sudo():
            plan._check_contents()
            plan.box_ids._pack()
        self.sudo().write(
            {"state": "applied", "applied_at": now, "applied_by": self.env.uid}
        )

    def _check_contents(self):
        """Refuse a plan for other contents than are there now."""
        self.ensure_one()
        if self.picking_id.state in ("done", "cancel"):
            raise UserError(
                self.env._("%s is closed: it is packed already.", self.picking_id.name)
            )
        have = self.picking_id._oms_get_loose_quantities()
        wanted = defaultdict(float)
        for line in self.box_ids.line_ids:
            wanted[line.product_id] += line.product_qty
        short = [
            self.env._(
                "%(product)s: %(wanted)g planned, %(have)g there",
                product=product.display_name,
                wanted=quantity,
                have=have.get(product, 0),
            )
            for product, quantity in wanted.items()
            if product.uom_id.compare(quantity, have.get(product, 0)) > 0
        ]
        if short:
            raise UserError(
                self.env._(
                    "%(picking)s holds less than this plan packs. Check availability"
                    " or plan again.\n%(lines)s",
                    picking=self.picking_id.name,
                    lines="\n".join(short),
                )
            )

    def action_undo(self):
        """Take the goods out of the packages of applied plans."""
        self.picking_id._oms_check_may_pack()
        for plan in self:
            if plan.state != "applied":
                raise UserError(self.env._("%s is not applied.", plan.display_name))
            if plan.picking_id.state in ("done", "cancel"):
                raise UserError(
                    self.env._(
                        "%s is closed: what is packed stays packed.",
                        plan.picking_id.name,
                    )
                )
        for plan in self.sudo():
            plan.box_ids._unpack()
            again = plan
            if plan.is_manual and plan.origin_id:
                plan.state = "superseded"
                again = plan.origin_id
            elif plan.is_manual:
                plan.state = "superseded"
                continue
            again.write(
                {
                    "state": "proposed",
                    "applied_at": False,
                    "applied_by": False,
                    "overridden_by": False,
                    "overridden_at": False,
                    "override_reason": False,
                }
            )
        return True

    def _mark_overridden(self, reason):
        self.sudo().write(
            {
                "state": "overridden",
                "overridden_by": self.env.uid,
                "overridden_at": fields.Datetime.now(),
                "override_reason": reason,
            }
        )

    # -- buttons ------------------------------------------------------------------

    def action_plan_again(self):
        """Replace proposed plans by new ones, with today's cartons and sizes."""
        return self.picking_id.action_oms_plan_packing()

    def action_open_wizard(self):
        return self.picking_id.action_oms_pack()

    def action_print_slip(self):
        return self.env.ref("oms_order_cycle.oms_packing_slip_report").report_action(
            self
        )

    def action_view_boxes(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Boxes"),
            "res_model": "oms.pack.box",
            "view_mode": "list,form",
            "domain": [("plan_id", "in", self.ids)],
        }

    # -- what was packed ----------------------------------------------------------

    def _note_packed(self):
        """At the end of the transfer: remember what was really packed."""
        units = Units.of(self.env)
        for plan in self.sudo():
            packages = plan.picking_id._oms_get_packed_packages()
            packed = sum(packages.mapped("oms_billable_weight"))
            plan.write(
                {
                    "packed_boxes": len(packages),
                    "packed_weight": sum(packages.mapped("shipping_weight")),
                    "packed_billable": packed,
                    "billable_difference": packed - plan.billable_weight
                    if units and packages
                    else 0,
                }
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.env.uid != SUPERUSER_ID and any(
            plan.state in ("applied", "overridden") for plan in self
        ):
            raise UserError(self.env._("What was packed is kept."))
