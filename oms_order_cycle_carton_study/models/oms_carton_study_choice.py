from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oms_order_cycle.tools.units import Units

from ..tools.carton_study import (
    carton_from_json,
    carton_to_json,
    clusters_from_json,
    sampled,
)


class OmsCartonStudyChoice(models.Model):
    """The best set found for one number of cartons, or today's."""

    _name = "oms.carton.study.choice"
    _description = "Carton Set"
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
        help="Number of cartons chosen, without those used today.",
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
        " cartons. Only deliveries that fit in them and in today's cartons.",
    )
    share = fields.Float(
        string="Share of Today's Cost (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
    )
    saving = fields.Monetary(
        string="Yearly Saving",
        readonly=True,
        help="Compared with today's cartons, projected from the days of history.",
    )
    parcels = fields.Integer(
        readonly=True, help="Number of parcels for the deliveries of the period."
    )
    unfit_count = fields.Integer(
        string="Do Not Fit",
        readonly=True,
        help="Deliveries that do not fit in these cartons; they are not in the cost.",
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
                    "With these prices no parcel costs anything. Check the delivery"
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
