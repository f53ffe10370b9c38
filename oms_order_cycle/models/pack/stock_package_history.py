from odoo import fields, models


class StockPackageHistory(models.Model):
    _inherit = "stock.package.history"

    # asked for whenever a package is weighed
    outermost_dest_id = fields.Many2one(index="btree_not_null")
