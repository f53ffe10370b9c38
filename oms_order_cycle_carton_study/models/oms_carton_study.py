from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.oms_order_cycle.models.oms_limited import (
    MOST_COST,
    MOST_LENGTH,
    MOST_WEIGHT,
)
from odoo.addons.oms_order_cycle.tools.units import MM_PER_FOOT, Units

from ..tools.carton_study import square_metres

#: The curve ends here.
MOST_CARTONS = 15
#: Board of a carton where none of today's tells: g and cost per m2.
BOARD = (600, 0.6)
WALL = 3


class OmsCartonStudy(models.Model):
    """Which cartons should we stock? Asked of what was shipped."""

    _name = "oms.carton.study"
    _description = "Carton Study"
    _inherit = ["oms.unit.names", "oms.limited"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        default=lambda self: self.env._(
            "Cartons, %s", fields.Date.context_today(self).strftime("%Y-%m-%d")
        ),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Stopped"),
            ("failed", "Failed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    # -- the orders of the past
    date_from = fields.Date(
        string="Shipped From",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=365),
        help="Deliveries done from this day on are analyzed.",
    )
    date_to = fields.Date(
        string="Shipped Until",
        required=True,
        default=fields.Date.context_today,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Leave empty to analyze the deliveries of all warehouses.",
    )
    carrier_ids = fields.Many2many(
        "delivery.carrier",
        "oms_carton_study_carrier_rel",
        string="Delivery Methods",
        check_company=True,
        help="Only deliveries with these methods. Leave empty for all.",
    )
    transfer_limit = fields.Integer(
        string="Maximum Deliveries",
        default=5000,
        required=True,
        help="Of more deliveries, only this many are analyzed, spread evenly over the"
        " period.",
    )
    sample = fields.Integer(
        string="Maximum Contents",
        default=200,
        required=True,
        help="Deliveries with the same contents are calculated once. Of more different"
        " contents, only this many are compared, spread evenly over small and large"
        " ones: more take longer and are more precise.",
    )
    # -- what is asked
    mode = fields.Selection(
        [
            ("beside", "Additional Cartons"),
            ("nothing", "A New Set"),
        ],
        string="Look For",
        required=True,
        default="beside",
        help="Additional cartons: which ones would save the most beside the cartons of"
        " today. A new set: which cartons to use if you started from scratch.",
    )
    number_min = fields.Integer(
        string="Minimum Number",
        required=True,
        compute="_compute_numbers",
        store=True,
        readonly=False,
        precompute=True,
        help="Lowest number of cartons to choose.",
    )
    number_max = fields.Integer(
        string="Maximum Number",
        required=True,
        compute="_compute_numbers",
        store=True,
        readonly=False,
        precompute=True,
        help="Highest number of cartons to choose, at most 15.",
    )
    candidate_source = fields.Selection(
        [("grid", "A Range of Sizes"), ("list", "Package Types")],
        string="Choose Among",
        required=True,
        default="grid",
        help="A range of sizes: cartons made to measure. Package types: what a supplier"
        " offers, entered or imported as package types that are not used for packing.",
    )
    candidate_ids = fields.Many2many(
        "stock.package.type",
        "oms_carton_study_candidate_rel",
        string="Offered Package Types",
        check_company=True,
    )
    length_min = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(200, 8)
    )
    length_max = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(600, 24)
    )
    width_min = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(150, 6)
    )
    width_max = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(400, 16)
    )
    height_min = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(50, 2)
    )
    height_max = fields.Float(
        min_display_digits=1, default=lambda self: self._default_side(400, 16)
    )
    base_step = fields.Float(
        string="Step of Length and Width",
        min_display_digits=1,
        default=lambda self: self._default_side(50, 2),
    )
    height_step = fields.Float(
        string="Step of Height",
        min_display_digits=1,
        default=lambda self: self._default_side(25, 1),
    )
    wall = fields.Float(
        string="Board Thickness",
        compute="_compute_board",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits=1,
        help="On each side; twice as much at the top and bottom, where flaps overlap.",
    )
    board_weight = fields.Float(
        compute="_compute_board",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits=1,
        help="Per square metre. Proposed from the cartons used today.",
    )
    board_cost = fields.Float(
        compute="_compute_board",
        store=True,
        readonly=False,
        precompute=True,
        digits=(12, 2),
        help="Per square metre, made up into a carton. Proposed from the cartons used"
        " today.",
    )
    max_weight = fields.Float(
        compute="_compute_board",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits=1,
        help="Maximum weight of a packed carton. 0: no limit.",
    )
    # -- what a parcel costs
    price_basis = fields.Selection(
        [
            ("carrier", "Delivery Method"),
            ("rate", "Fee and Price per Weight"),
        ],
        string="Parcel Price",
        required=True,
        default=lambda self: "carrier" if self._default_carrier() else "rate",
        help="Delivery method: its prices and billable weight rule, as when cartons are"
        " planned. All deliveries are priced with it, whatever method they were"
        " shipped with.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Delivery Method",
        check_company=True,
        default=lambda self: self._default_carrier(),
    )
    parcel_fee = fields.Monetary(
        string="Fee per Parcel", default=lambda self: self._default_rate()[0]
    )
    weight_rate = fields.Float(
        string="Price per Weight Unit",
        digits=(12, 4),
        default=lambda self: self._default_rate()[1],
        help="Per unit of billable weight, in the unit of the rule.",
    )
    dim_rule_id = fields.Many2one(
        "oms.dim.rule",
        string="Billable Weight Rule",
        help="How billable weight is computed. Leave empty to use the actual weight.",
    )

    _dates = models.Constraint(
        "CHECK(date_from <= date_to)", "The period cannot end before it starts."
    )
    _limits = models.Constraint(
        "CHECK(transfer_limit > 0 AND sample BETWEEN 10 AND 2000)",
        "Analyze at least one delivery, and compare 10 to 2000 contents.",
    )
    _board = models.Constraint(
        "CHECK(wall >= 0 AND board_weight >= 0 AND board_cost >= 0"
        " AND max_weight >= 0 AND parcel_fee >= 0 AND weight_rate >= 0)",
        "Weights, costs and prices cannot be negative.",
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "length_min": (0, MOST_LENGTH),
            "length_max": (0, MOST_LENGTH),
            "width_min": (0, MOST_LENGTH),
            "width_max": (0, MOST_LENGTH),
            "height_min": (0, MOST_LENGTH),
            "height_max": (0, MOST_LENGTH),
            "base_step": (0, MOST_LENGTH),
            "height_step": (0, MOST_LENGTH),
            "wall": (0, MOST_LENGTH),
            "board_weight": MOST_WEIGHT,
            "max_weight": MOST_WEIGHT,
            "board_cost": MOST_COST,
            "parcel_fee": MOST_COST,
            "weight_rate": MOST_COST,
        }

    # -- what is proposed ---------------------------------------------------------

    @api.model
    def _default_side(self, mm, inches):
        """Even numbers in the unit of length of the database."""
        feet = Units.of(self.env).length == MM_PER_FOOT
        return round(inches / 12, 4) if feet else float(mm)

    @api.model
    def _default_carrier(self):
        """The parcel service that most deliveries went with; else any whose billable
        weight is known; else whatever most went with, an own truck, say."""
        company = self.env.company
        used = self.env["stock.picking"]._read_group(
            [
                ("state", "=", "done"),
                ("company_id", "=", company.id),
                ("picking_type_id.code", "=", "outgoing"),
                ("carrier_id", "!=", False),
            ],
            ["carrier_id"],
            order="__count desc",
        )
        carriers = self.env["delivery.carrier"].union(*(row[0] for row in used))
        known = carriers.filtered("oms_dim_rule_id") or self.env[
            "delivery.carrier"
        ].search(
            [
                ("oms_dim_rule_id", "!=", False),
                ("company_id", "in", [company.id, False]),
            ],
            limit=1,
        )
        return (known or carriers)[:1]

    @api.model
    def _default_rate(self):
        unit = Units.of(self.env).weight_unit
        return self.env.company.sudo()._oms_get_planning_cost(unit)

    @api.depends("mode")
    def _compute_numbers(self):
        for study in self:
            beside = study.mode == "beside"
            study.number_min, study.number_max = (1, 5) if beside else (2, 12)

    @api.depends("company_id")
    def _compute_board(self):
        units = Units.of(self.env)
        types = self.env["stock.package.type"].sudo()
        for study in self:
            cartons = types._oms_get_cartons(company=study.company_id or None)
            surface = sum(square_metres(carton.outer) for carton in cartons)
            walls = sorted(
                float(carton.outer[0] - carton.inner[0]) / 2 for carton in cartons
            )
            weight, cost = BOARD
            if surface and any(carton.tare for carton in cartons):
                weight = sum(carton.tare for carton in cartons) / surface
            if surface:
                cost = sum(float(carton.cost) for carton in cartons) / surface
            strongest = max((carton.max_gross or 0 for carton in cartons), default=0)
            study.wall = units.length_of(
                round(walls[len(walls) // 2]) if walls else WALL
            )
            study.board_weight = round(units.weight_of(round(weight)), 4)
            study.board_cost = round(cost, 4)
            study.max_weight = units.weight_of(strongest)

    @api.constrains("number_min", "number_max")
    def _check_numbers(self):
        for study in self:
            if not 1 <= study.number_min <= study.number_max <= MOST_CARTONS:
                raise ValidationError(
                    self.env._(
                        "Choose from one to %s cartons, the smaller number first.",
                        MOST_CARTONS,
                    )
                )
