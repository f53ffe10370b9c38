from odoo import api, fields, models


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
        help="Package type of this carton, once created.",
    )
    is_today = fields.Boolean(string="Existing", readonly=True)
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
    cost = fields.Monetary(string="Unit Cost", readonly=True, aggregator=None)
    parcels = fields.Integer(
        readonly=True, help="Number of parcels of the period packed in it."
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
