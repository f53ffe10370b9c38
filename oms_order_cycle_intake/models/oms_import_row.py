from odoo import api, fields, models
from odoo.exceptions import AccessError


class OmsImportRow(models.Model):
    """A row of an order file: what stands in it, what is wrong, what became of it."""

    _name = "oms.import.row"
    _description = "Row of an Order File"
    _order = "import_id, number"
    _rec_name = "number"

    import_id = fields.Many2one(
        "oms.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(
        required=True, help="As the spreadsheet counts, from 1 for the first row."
    )
    cells = fields.Json()
    faults = fields.Json(help="Of its cells, or of the order that it belongs to.")
    state = fields.Selection(
        [
            ("good", "Good"),
            ("faulty", "Faulty"),
            # good, but an order is taken as a whole
            ("waiting", "Another Row Is Faulty"),
            ("done", "Imported"),
            ("blank", "No Order"),
        ],
        required=True,
        default="good",
    )
    key = fields.Char(help="The same for all rows of an order.")
    payload = fields.Json(
        help="The order as it is handed in; with its first row, if it can be."
    )
    source_hash = fields.Char(
        help="Of what the order was made of, when it was checked."
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="set null",
        help="Picked by a person where the file's code is unknown.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="set null")
    order_id = fields.Many2one(
        "sale.order", index="btree_not_null", ondelete="set null"
    )
    result = fields.Selection(
        [
            ("created", "New Order"),
            ("already there", "There Already"),
            ("changed", "Order Changed"),
        ]
    )

    _number_uniq = models.UniqueIndex("(import_id, number)")
    _state_idx = models.Index("(import_id, state, number)")
    _key_idx = models.Index("(import_id, key)")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_running()
        return rows

    def write(self, vals):
        self._check_running()
        res = super().write(vals)
        if "import_id" in vals:
            self._check_running()
        return res

    def _check_running(self):
        """What is handed in with somebody's rights is what he has seen.

        :raise AccessError: somebody else's file is being imported
        """
        if self.env.su:
            return
        others = self.import_id.filtered(
            lambda record: record.user_id != self.env.user and record.state == "running"
        )
        if others:
            raise AccessError(others._get_running_words())
