from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.carton_study import (
    carton_from_json,
    carton_to_json,
    clusters_from_json,
    sampled,
)
from ..tools.units import Units


class OmsCartonStudyChoice(models.Model):
    """The best set found for one number of cartons, or today's."""

    _name = "oms.carton.study.choice"
    _description = "Set of Cartons"
    _order = "study_id desc, kind desc, number, id"

    study_id = fields.Many2one(
        "oms.carton.study", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="study_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="Set", compute="_compute_name")
    kind = fields.Selection(
        [("chosen", "Chosen"), ("today", "Today's")], required=True, readonly=True
    )
    number = fields.Integer(
        string="Number of Cartons",
        readonly=True,
        aggregator=None,
        help="How many were chosen; beside today's, how many more.",
    )
    carton_ids = fields.One2many(
        "oms.carton.study.carton", "choice_id", string="Cartons", readonly=True
    )
    sizes = fields.Char(string="Inner Sizes", compute="_compute_sizes")
    estimate = fields.Float(readonly=True)
    price = fields.Monetary(
        string="Cost in the Period",
        readonly=True,
        help="What the deliveries of the period cost in these cartons, parcels and"
        " cartons, as far as they can be packed both in them and in today's.",
    )
    share = fields.Float(
        string="Of Today's Cost (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
    )
    saving = fields.Monetary(
        string="Saving a Year",
        readonly=True,
        help="Against today's cartons, from the days of the history.",
    )
    parcels = fields.Integer(
        readonly=True, help="In how many parcels the deliveries of the period go."
    )
    unfit_count = fields.Integer(
        string="Do Not Fit",
        readonly=True,
        help="Deliveries that these cartons cannot take; they are not in the cost.",
    )
    state = fields.Selection(
        [("open", "Not Made"), ("made", "Made"), ("used", "Used for Packing")],
        string="Package Types",
        compute="_compute_state",
    )
    scores = fields.Json(readonly=True, prefetch=False)
    is_refined = fields.Boolean(readonly=True)
    is_measured = fields.Boolean(readonly=True)

    @api.depends("kind", "number", "study_id.mode", "carton_ids")
    @api.depends_context("lang")
    def _compute_name(self):
        for choice in self:
            if choice.kind == "today":
                choice.name = self.env._("Today's %s", len(choice.carton_ids))
            elif choice.study_id.mode == "beside":
                choice.name = self.env._("Today's and %s more", choice.number)
            else:
                choice.name = self.env._("A set of %s", choice.number)

    @api.depends("name")
    def _compute_display_name(self):
        for choice in self:
            choice.display_name = choice.name

    @api.depends("carton_ids.size")
    def _compute_sizes(self):
        for choice in self:
            choice.sizes = ", ".join(choice.carton_ids.mapped("size"))

    @api.depends("carton_ids.package_type_id.oms_is_carton", "kind")
    def _compute_state(self):
        for choice in self:
            types = choice.carton_ids.mapped("package_type_id")
            if choice.kind == "today":
                choice.state = False
            elif len(types) < len(choice.carton_ids):
                choice.state = "open"
            elif all(types.mapped("oms_is_carton")):
                choice.state = "used"
            else:
                choice.state = "made"

    # -- for the background ---------------------------------------------------------

    def _get_cartons(self):
        self.ensure_one()
        return [carton_from_json(carton.spec) for carton in self.carton_ids]

    def _set_cartons(self, cartons):
        """Keep the cartons, the smallest first."""
        self.ensure_one()
        self.carton_ids.unlink()
        units = Units.of(self.env)
        cartons = sorted(cartons, key=lambda c: c.usable_volume)
        self.env["oms.carton.study.carton"].create(
            [
                {
                    "choice_id": self.id,
                    "sequence": number,
                    "key": str(carton.key),
                    "package_type_id": isinstance(carton.key, int) and carton.key,
                    "is_today": isinstance(carton.key, int),
                    "spec": carton_to_json(carton),
                    "inner_length": units.length_of(carton.inner[0]),
                    "inner_width": units.length_of(carton.inner[1]),
                    "inner_height": units.length_of(carton.inner[2]),
                    "outer_length": units.length_of(carton.outer[0]),
                    "outer_width": units.length_of(carton.outer[1]),
                    "outer_height": units.length_of(carton.outer[2]),
                    "tare": units.weight_of(carton.tare),
                    "max_weight": units.weight_of(carton.max_gross or 0),
                    "cost": float(carton.cost),
                }
                for number, carton in enumerate(cartons)
            ]
        )

    def _finish(self):
        """Compare what everything costs in each set with today's."""
        study = self.study_id
        sample = sampled(clusters_from_json(study.data["clusters"]), study.sample_count)
        scale = study.transfer_count / max(study.read_count, 1)
        weights = [one.number * scale for one in sample]
        rows = {choice: choice.scores or [] for choice in self}
        today = rows.get(self.filtered(lambda choice: choice.kind == "today"))
        for choice, scores in rows.items():
            base = today or scores
            both = [n for n, row in enumerate(scores) if row and base[n]]
            price = sum(weights[n] * scores[n][0] for n in both)
            before = sum(weights[n] * base[n][0] for n in both)
            used = {}
            for n, row in enumerate(scores):
                for key, number in (row[1] if row else {}).items():
                    used[key] = used.get(key, 0) + weights[n] * number
            choice.write(
                {
                    "price": price,
                    "share": 100 * price / before if today and before else 0,
                    "saving": (before - price) * 365 / study.days if today else 0,
                    "parcels": round(sum(used.values())),
                    "unfit_count": round(
                        sum(weights[n] for n, row in enumerate(scores) if not row)
                    ),
                    "scores": False,
                }
            )
            for carton in choice.carton_ids:
                carton.parcels = round(used.get(carton.key, 0))
        if not any(self.mapped("price")):
            raise UserError(
                self.env._(
                    "With these prices no parcel costs anything. Look at the delivery"
                    " method, or enter a fee and a price per weight."
                )
            )

    # -- buttons --------------------------------------------------------------------

    def action_create_cartons(self):
        """Make package types of the chosen sizes; packing does not use them yet."""
        self.ensure_one()
        types = self.env["stock.package.type"]
        types.check_access("create")
        missing = self.carton_ids.filtered(lambda carton: not carton.package_type_id)
        for carton in missing:
            made = types.create(carton._prepare_package_type())
            carton.sudo().package_type_id = made
        return self.action_view_cartons()

    def action_use_cartons(self):
        """Plan with them from now on."""
        self.ensure_one()
        types = self.carton_ids.package_type_id
        types.check_access("write")
        types.filtered(lambda one: not one.oms_is_carton).oms_is_carton = True
        return self.action_view_cartons()

    def action_view_cartons(self):
        """The package types of the set."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.stock_package_type_action_oms_cartons"
        )
        action["name"] = self.name
        action["domain"] = [("id", "in", self.carton_ids.package_type_id.ids)]
        action["context"] = {}
        return action


class OmsCartonStudyCarton(models.Model):
    """One carton of a set."""

    _name = "oms.carton.study.carton"
    _description = "Chosen Carton"
    _order = "choice_id, sequence, id"

    choice_id = fields.Many2one(
        "oms.carton.study.choice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="choice_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    name = fields.Char(compute="_compute_name")
    size = fields.Char(string="Inner Size", compute="_compute_size")
    key = fields.Char(readonly=True)
    spec = fields.Json(readonly=True)
    package_type_id = fields.Many2one(
        "stock.package.type",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The carton as a package type, once it is there.",
    )
    is_today = fields.Boolean(string="There Already", readonly=True)
    inner_length = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    inner_width = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    inner_height = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    outer_length = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    outer_width = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    outer_height = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    tare = fields.Float(
        string="Empty Weight", readonly=True, digits="Stock Weight", aggregator=None
    )
    max_weight = fields.Float(readonly=True, digits="Stock Weight", aggregator=None)
    cost = fields.Monetary(string="Cost of One", readonly=True, aggregator=None)
    parcels = fields.Integer(
        readonly=True, help="How many of the period's parcels go in it."
    )

    @api.depends("inner_length", "inner_width", "inner_height")
    def _compute_size(self):
        for carton in self:
            inner = (carton.inner_length, carton.inner_width, carton.inner_height)
            carton.size = " x ".join(f"{round(side, 3):g}" for side in inner)

    @api.depends("package_type_id.name", "outer_length", "outer_width", "outer_height")
    @api.depends_context("lang")
    def _compute_name(self):
        for carton in self:
            # cartons are called by their outer size
            outer = (carton.outer_length, carton.outer_width, carton.outer_height)
            size = " x ".join(f"{round(side, 3):g}" for side in outer)
            name = carton.package_type_id.sudo().name
            carton.name = name or self.env._("Carton %s", size)

    def _prepare_package_type(self):
        self.ensure_one()
        return {
            "name": self.name,
            "oms_is_carton": False,
            "sequence": 200 + self.sequence,
            "company_id": self.company_id.id,
            "packaging_length": self.outer_length,
            "width": self.outer_width,
            "height": self.outer_height,
            "oms_inner_length": self.inner_length,
            "oms_inner_width": self.inner_width,
            "oms_inner_height": self.inner_height,
            "base_weight": self.tare,
            "max_weight": self.max_weight,
            "oms_cost": self.cost,
        }
