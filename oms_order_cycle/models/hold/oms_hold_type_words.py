"""Hold types told apart: what they ask for, and for whom."""

from odoo import api, fields, models
from odoo.tools.misc import formatLang


class OmsHoldType(models.Model):
    _inherit = "oms.hold.type"

    asks_for = fields.Char(
        compute="_compute_asks_for",
        help="The figure that its check goes by: a share, an amount, days.",
    )

    @api.depends(
        "check", "prepayment_percent", "min_amount", "overdue_days", "duplicate_days"
    )
    @api.depends_context("lang", "company")
    def _compute_asks_for(self):
        for hold_type in self:
            hold_type.asks_for = hold_type._get_figure()

    def _get_figure(self):
        self.ensure_one()
        if self.check == "prepayment":
            return f"{self.prepayment_percent:g} %"
        if self.check == "min_value":
            amount = formatLang(
                self.env, self.min_amount, currency_obj=self.currency_id
            )
            return self.env._("from %s", amount)
        if self.check == "overdue" and self.overdue_days:
            return self.env._("after %s days", self.overdue_days)
        if self.check == "duplicate_ref" and self.duplicate_days:
            return self.env._("within %s days", self.duplicate_days)
        return False

    @api.depends("name", "asks_for", "company_id.name")
    def _compute_display_name(self):
        """Two of one name, for two shares or companies, are not the same."""
        multi = self.env.user.has_group("base.group_multi_company")
        for hold_type in self:
            details = []
            if hold_type.check in ("prepayment", "min_value") and hold_type.asks_for:
                details.append(hold_type.asks_for)
            if multi and hold_type.company_id:
                details.append(hold_type.company_id.sudo().name)
            name = hold_type.name or ""
            hold_type.display_name = (
                f"{name} ({', '.join(details)})" if details else name
            )
