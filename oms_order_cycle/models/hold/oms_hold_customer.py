"""What whoever decides about a hold wants to know of the customer."""

from odoo import fields, models
from odoo.fields import Domain

from ...tools.groups import ACCOUNT_READERS


class OmsHold(models.Model):
    _inherit = "oms.hold"

    overdue_count = fields.Integer(
        string="Overdue Invoices",
        compute="_compute_customer_counts",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    open_order_count = fields.Integer(
        string="Open Orders", compute="_compute_customer_counts"
    )
    other_hold_count = fields.Integer(
        string="Other Holds", compute="_compute_customer_counts"
    )
    credit_limit = fields.Monetary(
        compute="_compute_credit_limit",
        compute_sudo=True,
        groups=ACCOUNT_READERS,
        help="Of whoever is invoiced, in the order's company. 0: the hold type's.",
    )

    # read on the form of one hold, where numbers may not be of yesterday
    def _compute_customer_counts(self):
        for hold in self:
            hold.overdue_count = (
                self.env["account.move"].sudo().search_count(hold._get_overdue_domain())
            )
            hold.open_order_count = self.env["sale.order"].search_count(
                hold._get_open_orders_domain()
            )
            hold.other_hold_count = self.search_count(hold._get_other_holds_domain())

    def _compute_credit_limit(self):
        for hold in self:
            payer = hold.order_id.partner_invoice_id.commercial_partner_id
            hold.credit_limit = payer.with_company(hold.company_id).credit_limit

    def _get_customer(self):
        """Whose case it is: whoever owes what is invoiced, as for the credit limit."""
        self.ensure_one()
        return self.sudo().order_id.partner_invoice_id.commercial_partner_id

    def _get_overdue_domain(self):
        return (
            Domain("commercial_partner_id", "=", self._get_customer().id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", fields.Date.context_today(self))
        )

    def _get_open_orders_domain(self):
        return (
            Domain(
                "partner_invoice_id.commercial_partner_id",
                "=",
                self._get_customer().id,
            )
            & Domain("state", "=", "sale")
            & Domain("oms_cycle_state", "=", "open")
        )

    def _get_other_holds_domain(self):
        return (
            Domain(
                "order_id.partner_invoice_id.commercial_partner_id",
                "=",
                self._get_customer().id,
            )
            & Domain("state", "=", "open")
            & Domain("id", "!=", self.id)
        )

    def action_view_overdue(self):
        """Open the customer's overdue invoices."""
        return self._get_list(
            "account.move", self.env._("Overdue Invoices"), self._get_overdue_domain()
        )

    def action_view_open_orders(self):
        """Open the customer's open orders."""
        return self._get_list(
            "sale.order", self.env._("Open Orders"), self._get_open_orders_domain()
        )

    def action_view_other_holds(self):
        """Open what else is on hold of the customer."""
        return self._get_list(
            "oms.hold", self.env._("Other Holds"), self._get_other_holds_domain()
        )

    def action_view_customer(self):
        """Open the customer, with limit and stop."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self._get_customer().id,
            "views": [[False, "form"]],
        }

    def _get_list(self, model_name, title, domain):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [[False, "list"], [False, "form"]],
            "domain": list(domain),
        }
