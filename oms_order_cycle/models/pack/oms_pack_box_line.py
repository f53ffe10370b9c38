from collections import defaultdict

from odoo import api, fields, models


class OmsPackBoxLine(models.Model):
    """What is in a box: so many units, or cases, of a product."""

    _name = "oms.pack.box.line"
    _inherit = ["oms.unit.names"]
    _weights_with_unit = (
        "weight",
        "billable_weight",
        "air_weight",
    )
    _description = "Contents of a Planned Box"
    _order = "box_id, id"

    box_id = fields.Many2one(
        "oms.pack.box", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    categ_id = fields.Many2one(related="product_id.categ_id", store=True)
    uom_id = fields.Many2one("uom.uom", string="Packed As", readonly=True)
    name = fields.Char(compute="_compute_name")
    quantity = fields.Integer(
        readonly=True, aggregator=None, help="Number of units or cases in the box."
    )
    product_qty = fields.Float(
        string="Quantity in the Product's Unit", digits="Product Unit", readonly=True
    )
    weight = fields.Float(digits="Stock Weight", readonly=True)
    company_id = fields.Many2one(related="box_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one(related="box_id.carrier_id", store=True)
    partner_id = fields.Many2one(
        related="box_id.partner_id", store=True, string="Customer"
    )
    package_type_id = fields.Many2one(
        related="box_id.package_type_id", store=True, string="Carton"
    )
    state = fields.Selection(related="box_id.state", store=True)
    ship_date = fields.Date(related="box_id.ship_date", store=True)
    volume = fields.Float(
        string="Volume (l)",
        digits=(16, 3),
        compute="_compute_shares",
        store=True,
        help="Litres that the units fill.",
    )
    air_volume = fields.Float(
        string="Empty Space (l)",
        digits=(16, 3),
        compute="_compute_shares",
        store=True,
        help="The empty space of the box, shared out by volume.",
    )
    billable_weight = fields.Float(
        digits="Stock Weight",
        compute="_compute_shares",
        store=True,
        help="The billable weight of the box in the weight unit of Odoo (kg or lb, see"
        " Settings), shared out by volume.",
    )
    air_weight = fields.Float(
        string="Billed Air",
        digits="Stock Weight",
        compute="_compute_shares",
        store=True,
        help="Weight that is billed for empty space, in the weight unit of Odoo (kg or"
        " lb), shared out by volume.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(
        string="Planned Cost",
        compute="_compute_shares",
        store=True,
        help="The planned cost of the box, shared out by volume.",
    )

    _ship_date_idx = models.Index("(ship_date)")

    @api.depends("product_id", "uom_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = line.product_id.display_name
            if line.uom_id != line.product_id.uom_id:
                line.name = f"{line.product_id.display_name} ({line.uom_id.name})"

    @api.depends("box_id.geometry", "box_id.billable_weight", "box_id.price")
    def _compute_shares(self):
        for box, lines in self.grouped("box_id").items():
            volumes = defaultdict(int)
            for key, _x, _y, _z, length, width, height in (box.geometry or {}).get(
                "placements", ()
            ):
                volumes[key] += length * width * height
            total = sum(volumes.values())
            for line in lines:
                own = volumes[f"{line.product_id.id}-{line.uom_id.id}"]
                share = own / total if total else 0
                line.volume = own / 1e6
                line.air_volume = box.air_volume * share
                line.billable_weight = box.billable_weight * share
                line.air_weight = box.air_weight * share
                line.price = box.price * share
