from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.oms_limited import MOST_LENGTH, MOST_WEIGHT
from ...tools.units import Units

#: Rows that a person can work off; those most wanted come first.
MOST_ROWS = 500
SIDES = ("length", "width", "height")


class OmsProductMeasure(models.TransientModel):
    """One row of the fast list for measuring: scan, type three sides, next.

    Those who measure need not be allowed to change products.
    """

    _name = "oms.product.measure"
    _description = "Product to Measure"
    _inherit = ["oms.unit.names", "oms.limited"]
    _order = "demand desc, product_id, uom_id"

    product_id = fields.Many2one("product.product", required=True, readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", required=True, readonly=True)
    barcode = fields.Char(readonly=True)
    demand = fields.Float(
        string="To Be Shipped",
        readonly=True,
        help="Quantity in open transfers for customers, in units of the product.",
    )
    length = fields.Float(  # pylint: disable=attribute-deprecated
        min_display_digits=1
    )
    width = fields.Float(min_display_digits=1)
    height = fields.Float(min_display_digits=1, help="The side that stands upright.")
    weight = fields.Float(min_display_digits=1, help="Of one, with its packaging.")
    done = fields.Boolean(string="Measured", readonly=True)

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "length": (0, MOST_LENGTH),
            "width": (0, MOST_LENGTH),
            "height": (0, MOST_LENGTH),
            "weight": (0, MOST_WEIGHT),
        }

    def write(self, vals):
        res = super().write(vals)
        if {*SIDES, "weight"}.intersection(vals):
            self._keep()
        return res

    def _keep(self):
        """Make sizes of the rows that have three sides."""
        incomplete = self.filtered(
            lambda row: (
                any(row[side] for side in SIDES)
                and not all(row[side] for side in SIDES)
            )
        )
        if incomplete:
            raise UserError(
                self.env._(
                    "Enter length, width and height of %s.",
                    incomplete[:1].product_id.display_name,
                )
            )
        units = Units.of(self.env)
        rows = self.filtered("length")
        sizes = self.env["oms.product.size"]._learn(
            [
                (
                    row.product_id,
                    row.uom_id,
                    tuple(units.mm(row[side]) for side in SIDES),
                    units.grams(row.weight),
                )
                for row in rows
            ]
        )
        sizes.source = "entered"
        rows.done = True

    @api.model
    def action_measure(self, products=None):
        """Open the list with what has no size yet, most wanted first.

        :param products: only these ``product.product``, measured or not
        """
        if not isinstance(products, (type(None), type(self.env["product.product"]))):
            raise UserError(self.env._("Choose the products to measure in their list."))
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        self.create(self._prepare_rows(products))
        return self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_product_measure_action"
        )

    @api.model
    def _prepare_rows(self, products=None):
        """Values of the rows: each product in its own unit and in its cases."""
        Product = self.env["product.product"]
        demand = self._get_demand(products)
        if products is None:
            missing = [("type", "=", "consu"), ("oms_missing_size", "=", True)]
            wanted = Product.search([*missing, ("id", "in", list(demand))])
            wanted = wanted.sorted(lambda product: -demand[product.id])[:MOST_ROWS]
            rest = MOST_ROWS - len(wanted)
            if rest:
                wanted += Product.search(
                    [*missing, ("id", "not in", wanted.ids)], limit=rest
                )
            # cases that are shipped as they are, of products that are known
            products = wanted + Product.search(
                [
                    ("type", "=", "consu"),
                    ("uom_ids", "!=", False),
                    ("id", "not in", wanted.ids),
                ],
                limit=MOST_ROWS,
            )
            known = products._oms_get_size_records()
        else:
            known = {}
        sizes = products._oms_get_size_records()
        rows = []
        for product in products:
            for uom in product.uom_id | product.uom_ids:
                size = sizes.get((product, uom))
                if (product, uom) in known and size.source != "guess":
                    continue
                rows.append(
                    {
                        "product_id": product.id,
                        "uom_id": uom.id,
                        "barcode": product.barcode,
                        "demand": demand.get(product.id, 0.0),
                        **{side: size[side] if size else 0.0 for side in SIDES},
                        "weight": (size and size.weight)
                        or product.weight
                        * uom._compute_quantity(1.0, product.uom_id, round=False),
                        "done": bool(size),
                    }
                )
        return rows[: 2 * MOST_ROWS]

    @api.model
    def _get_demand(self, products=None):
        """{product id: quantity in open transfers of orders}."""
        domain = [
            ("sale_line_id", "!=", False),
            (
                "state",
                "in",
                ("waiting", "confirmed", "partially_available", "assigned"),
            ),
        ]
        if products is not None:
            domain.append(("product_id", "in", products.ids))
        groups = self.env["stock.move"]._read_group(
            domain, ["product_id"], ["product_qty:sum"]
        )
        return {product.id: quantity for product, quantity in groups}
