from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

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
            ("offered", "Offered"),
            ("applied", "Applied"),
            ("overridden", "Overridden"),
            ("superseded", "Superseded"),
            ("failed", "Failed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
        help="Proposed: not packed yet. Offered: made while the proposal was on a"
        " packing bench or printed, and taken when somebody wants it. Applied: packed"
        " like this. Overridden: somebody packed otherwise. Superseded: a newer plan"
        " took its place. Failed: no plan could be made; the transfer can be packed by"
        " hand.",
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
    is_weightless = fields.Boolean(
        string="Weight Unknown",
        readonly=True,
        help="Some product has no weight: what is billed may be more.",
    )
    is_manual = fields.Boolean(string="Packed by Hand", readonly=True)
    error = fields.Char(readonly=True)
    seconds = fields.Float(
        string="Calculated In (s)", digits=(16, 3), readonly=True, aggregator="avg"
    )
    signature = fields.Char(readonly=True, help="Tells whether the contents changed.")
    packing_done_at = fields.Datetime(
        string="Packed On",
        readonly=True,
        help="When the transfer was done: from then on it is known what was packed.",
    )
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
