from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...tools.packer.contents import body_key
from ...tools.packer.geometry import keys_in_order


class OmsPackPlan(models.Model):
    """How a transfer is to be packed: cartons, what is in each, what that costs.

    Plans are kept when another takes their place, so that what was planned can be
    compared with what was packed.
    """

    _name = "oms.pack.plan"
    _description = "Packing Plan"
    _inherit = ["oms.unit.names"]
    _weights_with_unit = (
        "gross_weight",
        "billable_weight",
        "packed_weight",
        "packed_billable",
        "billable_difference",
    )
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
    picking_state = fields.Selection(related="picking_id.state")
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
    price = fields.Monetary(
        string="Planned Cost",
        readonly=True,
        help="What the carrier charges for the parcels by its tariff, with surcharges,"
        " and what the cartons cost. Without a tariff, what the company plans with; 0"
        " where cartons are then chosen by billable weight.",
    )
    has_tariff = fields.Boolean(
        readonly=True,
        help="Whether the cost was made of the delivery method's own rules, fixed price"
        " or rate.",
    )
    has_cost = fields.Boolean(
        compute="_compute_has_cost",
        help="Whether there is a planned cost, by a tariff or by the cost of a parcel"
        " that the company plans with.",
    )
    usual_price = fields.Monetary(
        string="Cost by Volume",
        readonly=True,
        help="What the fewest and smallest cartons by volume would have cost.",
    )
    saving = fields.Monetary(
        readonly=True,
        help="Saved against the fewest and smallest cartons by volume.",
    )
    minimised = fields.Selection(
        [("cost", "Cost"), ("weight", "Billable Weight")],
        default="cost",
        required=True,
        readonly=True,
        help="What was made least when the cartons were chosen.",
    )
    objective = fields.Float(
        string="Amount Minimised",
        digits=(16, 3),
        readonly=True,
        aggregator=None,
        help="Cost or billable weight of the plan, whichever was made least.",
    )
    objective_unit = fields.Char(
        readonly=True, help="Currency, or kg or lb, of what was made least."
    )
    bound = fields.Float(
        string="Lower Bound",
        digits=(16, 3),
        readonly=True,
        aggregator=None,
        help="No plan can have less of what was made least.",
    )
    is_proven = fields.Boolean(string="Proven Best", readonly=True)
    usual_objective = fields.Float(
        string="Amount by Volume",
        digits=(16, 3),
        readonly=True,
        aggregator=None,
        help="What the fewest and smallest cartons by volume would have had of it.",
    )
    price_label = fields.Char(
        string="Cost",
        compute="_compute_price_label",
        help="Planned cost with its currency and, without a tariff, where it comes"
        " from.",
    )
    objective_label = fields.Char(
        string="Minimum Found",
        compute="_compute_objective_labels",
        help="What was made least, with its unit.",
    )
    bound_label = fields.Char(string="At Least", compute="_compute_objective_labels")
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

    @api.depends(
        "carrier_billable",
        "carrier_unit",
        "billable_weight",
        "objective",
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
                gap = (plan.objective / plan.bound - 1) * 100
                plan.verdict = self.env._(
                    "Within %s %% of the best possible", f"{max(gap, 0.1):.1f}"
                )
            else:
                plan.verdict = False

    @api.depends("has_tariff", "minimised", "box_count")
    def _compute_has_cost(self):
        for plan in self:
            plan.has_cost = plan.box_count and (
                plan.has_tariff or plan.minimised == "cost"
            )

    @api.depends("price", "has_tariff", "has_cost", "box_count", "currency_id")
    @api.depends_context("lang")
    def _compute_price_label(self):
        for plan in self:
            if plan.has_cost:
                plan.price_label = plan._format_price(plan.price, plan.has_tariff)
            else:
                plan.price_label = plan.box_count and self.env._("No tariff")

    @api.depends("minimised", "objective", "objective_unit", "bound", "currency_id")
    @api.depends_context("lang")
    def _compute_objective_labels(self):
        for plan in self:
            for name in ("objective", "bound"):
                plan[f"{name}_label"] = plan._format_objective(plan[name])

    def _format_price(self, amount, has_tariff):
        """What boxes cost, in words, and what tells it where no tariff does."""
        self.ensure_one()
        price = self.currency_id.format(amount)
        if has_tariff:
            return price
        return self.env._("%s (planned with the company's cost of a parcel)", price)

    def _format_objective(self, amount):
        """What was made least, in words: money, or weight in the carrier's unit."""
        self.ensure_one()
        if self.minimised == "cost":
            return self.currency_id.format(amount)
        number = formatLang(self.env, amount, digits=2)
        return f"{number} {self.objective_unit or ''}".rstrip()

    def _get_keys(self):
        """Keys of all that is in the boxes: their order gives the numbers in the
        pictures."""
        self.ensure_one()
        return keys_in_order(self.box_ids.mapped("geometry"))

    def _get_rounds(self):
        """Plans of the transfer whose boxes exist or are to be packed, the first
        round first."""
        self.ensure_one()
        plans = self.picking_id.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "applied"
        )
        return (plans | self).sorted(lambda plan: (plan.state != "applied", plan.id))

    def _get_box_offset(self):
        """How many boxes there are before the first of this plan."""
        before = 0
        for plan in self._get_rounds() if self else ():
            if plan == self:
                break
            before += plan.box_count
        return before

    def _get_box_total(self):
        """How many boxes the transfer has in all."""
        return sum(self._get_rounds().mapped("box_count"))

    def _get_override(self):
        """Who packed otherwise than proposed, and why, in a line."""
        self.ensure_one()
        if not self.is_manual:
            return ""
        if not self.override_reason:
            return self.env._("Packed by hand by %s", self.overridden_by.name or "")
        return self.env._(
            "Packed by hand by %(user)s: %(reason)s",
            user=self.overridden_by.name or "",
            reason=self.override_reason,
        )

    def _get_summary(self):
        """The plan in a few words, for the transfer."""
        self.ensure_one()
        if self.state == "failed":
            return self.env._("No plan could be made: %s", self.error or "")
        if not self.box_ids and self.unpacked_note:
            return self.env._("Not packed: %s", self.unpacked_note.splitlines()[0])
        names = defaultdict(int)
        for box in self.box_ids:
            names[box._get_title()] += 1
        words = ", ".join(f"{count} x {name}" for name, count in names.items())
        if self.unpacked_note:
            words = self.env._("%s; something is not packed", words)
        if self.state == "applied":
            return self.env._(
                "Packed: %(boxes)s (%(weight)s)",
                boxes=words,
                weight=self.billable_label,
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

    # -- printed slip ---------------------------------------------------------------

    def _get_slip_number(self, line):
        """The number that the product of a line has in the pictures."""
        self.ensure_one()
        key = body_key(line.product_id.id, line.uom_id.id)
        keys = self._get_keys()
        return keys.index(key) + 1 if key in keys else ""

    def _get_slip_unpacked(self):
        """What is not in any box of the plan: ``[(quantity, name, why)]``."""
        self.ensure_one()
        rows = self.unpacked or []
        names = self._body_names({key for key, _quantity, _why in rows})
        return [(quantity, names.get(key, key), why) for key, quantity, why in rows]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.env.uid != SUPERUSER_ID and any(
            plan.state in ("applied", "overridden") for plan in self
        ):
            raise UserError(self.env._("What was packed is kept."))
