from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class AccountMove(models.Model):
    _inherit = "account.move"

    oms_posted_at = fields.Datetime(
        string="Posted On",
        compute="_compute_oms_posted_at",
        store=True,
        copy=False,
        help="When the invoice was posted (UTC); Odoo itself keeps the date only.",
    )
    oms_order_ids = fields.Many2many(
        "sale.order",
        string="Orders in the Cycle",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
    )
    oms_stage_summary = fields.Char(
        string="Order Stage", compute="_compute_oms_order_ids", compute_sudo=True
    )
    oms_hold_summary = fields.Char(
        string="Holds", compute="_compute_oms_order_ids", compute_sudo=True
    )

    def _auto_init(self):
        # invoices posted before the installation keep their invoice date
        if not column_exists(self.env.cr, "account_move", "oms_posted_at"):
            create_column(self.env.cr, "account_move", "oms_posted_at", "timestamp")
        return super()._auto_init()

    @api.depends("state", "move_type")
    def _compute_oms_posted_at(self):
        now = fields.Datetime.now()
        for move in self:
            if move.state == "posted" and move.is_sale_document():
                move.oms_posted_at = move.oms_posted_at or now
            else:
                move.oms_posted_at = False

    @api.depends("line_ids.sale_line_ids.order_id.oms_stage_id")
    @api.depends_context("lang")
    def _compute_oms_order_ids(self):
        for move in self:
            orders = move.line_ids.sale_line_ids.order_id
            move.oms_order_ids = orders
            move.oms_stage_summary = orders._oms_summarize_stages()
            move.oms_hold_summary = orders._oms_summarize_holds()
