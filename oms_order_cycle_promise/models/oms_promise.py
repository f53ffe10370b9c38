from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class OmsPromise(models.Model):
    _inherit = "oms.promise"

    cause = fields.Selection(
        selection_add=[
            ("receipt", "Receipt Late or Cancelled"),
            ("stock", "Less in Stock"),
            ("hold", "On Hold"),
            ("not_shipped", "Not Shipped in Time"),
            ("asked", "Promised Anew on Request"),
        ],
        ondelete={
            name: "set other"
            for name in ("receipt", "stock", "hold", "not_shipped", "asked")
        },
    )
    is_to_tell = fields.Boolean(
        string="To Tell",
        compute="_compute_is_to_tell",
        search="_search_is_to_tell",
        help="The date was moved or taken back, it stands, and nobody noted yet that"
        " the customer was told.",
    )

    def _compute_is_to_tell(self):
        found = self.search([("id", "in", self.ids), ("is_to_tell", "=", True)])
        for promise in self:
            promise.is_to_tell = promise in found

    @api.model
    def _search_is_to_tell(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["told_at"])
        self.env["sale.order.line"].flush_model(["state"])
        domain = Domain.custom(
            to_sql=self._get_to_tell_condition,
            predicate=lambda promise: promise.is_to_tell,
        )
        return domain if True in value else ~domain

    @api.model
    def _get_to_tell_condition(self, _model, alias, _query):
        return SQL(
            """
            (%(kind)s = 'later'
             OR %(kind)s = 'withdrawn'
                AND %(cause)s IN ('receipt', 'stock', 'hold', 'not_shipped', 'asked',
                                  'allocated'))
            AND %(told)s IS NULL
            AND EXISTS (
                SELECT FROM sale_order_line line
                 WHERE line.id = %(line)s AND line.state = 'sale')
            AND NOT EXISTS (
                SELECT FROM oms_promise newer
                 WHERE newer.line_id = %(line)s AND newer.id > %(id)s)
            """,
            kind=SQL.identifier(alias, "kind"),
            cause=SQL.identifier(alias, "cause"),
            told=SQL.identifier(alias, "told_at"),
            line=SQL.identifier(alias, "line_id"),
            id=SQL.identifier(alias, "id"),
        )

    def _get_told_before(self):
        """The date that the customer knows: what he was told last, or the first."""
        self.ensure_one()
        known = self.search(
            [
                ("line_id", "=", self.line_id.id),
                ("id", "<", self.id),
                "|",
                ("told_at", "!=", False),
                ("kind", "=", "first"),
            ],
            limit=1,
        )
        return known.promised_date or self.previous_date

    # -- telling ----------------------------------------------------------------------

    def action_mail_customers(self):
        """Write to the customers of these promises, one mail an order, and note it."""
        self.order_id.check_access("write")
        told = self.filtered("is_to_tell")
        orders = told.order_id.sudo()
        unknown = orders.filtered(lambda order: not order.partner_id.email)
        self._mail(told.filtered(lambda promise: promise.order_id not in unknown))
        return self._explain_mails(len(orders - unknown), unknown)

    @api.model
    def _mail(self, told):
        template = self.env.ref("oms_order_cycle_promise.mail_template_promise_moved")
        orders = told.order_id.sudo()
        if orders:
            template.sudo().send_mail_batch(orders.ids)
            told._mark_told()

    @api.model
    def _explain_mails(self, count, unknown):
        message = self.env._("E-mails on their way: %s.", count)
        if unknown:
            message = self.env._(
                "E-mails on their way: %(count)s. No address is known for %(orders)s:"
                " call the customers, and press Customer Told.",
                count=count,
                orders=", ".join(unknown.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unknown else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
