from odoo import fields, models


class StockPackage(models.Model):
    _inherit = "stock.package"

    oms_carton_move_id = fields.Many2one(
        "stock.move",
        string="Carton Deducted By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The movement that took the carton from stock.",
    )
