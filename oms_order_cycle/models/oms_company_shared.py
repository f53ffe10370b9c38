from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class OmsCompanyShared(models.AbstractModel):
    """Set-up that may serve several companies, by its ``company_id``.

    It is seen by all that it serves. It is changed only by who has access to all of
    them, chosen in the switch of companies or not: nobody stops, or turns to his own
    ends, what others work with.
    """

    _name = "oms.company.shared"
    _description = "Set-up That Companies Share"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_can_change_shared()
        return records

    def write(self, vals):
        self._check_can_change_shared()
        res = super().write(vals)
        if "company_id" in vals:
            self._check_can_change_shared()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_shared(self):
        self._check_can_change_shared()

    def copy_data(self, default=None):
        """Who may not set up what all share makes a copy for his own company."""
        vals_list = super().copy_data(default=default)
        if "company_id" not in (default or {}):
            for vals in vals_list:
                # where it is the record's own, and not, say, its workflow's
                if "company_id" in vals and not vals["company_id"]:
                    vals["company_id"] = self._default_shared_company().id
        return vals_list

    @api.model
    def _default_shared_company(self):
        """No company for who may set up what all share; else the one he works in."""
        if self._get_foreign_companies(self._search_companies(Domain.TRUE)):
            return self.env.company
        return self.env["res.company"]

    @api.model
    def _search_companies(self, domain):
        return self.env["res.company"].sudo().search(domain)

    @api.model
    def _get_foreign_companies(self, companies):
        """Those of some companies that the user would need access to and has not."""
        if self.env.su or self.env.user.has_group("base.group_system"):
            return companies.browse()
        return companies - self.env.user.company_ids

    def _get_served_companies(self):
        """Hook: the companies whose orders are concerned, branches included."""
        self.ensure_one()
        company = self.sudo().company_id
        return self._search_companies(
            Domain("id", "child_of", company.ids) if company else Domain.TRUE
        )

    def _check_can_change_shared(self):
        """Refuse to change what serves companies that the user has no access to.

        :raise AccessError: saying what to do instead
        """
        for record in self:
            if not self._get_foreign_companies(record._get_served_companies()):
                continue
            raise AccessError(
                self.env._(
                    "“%s” serves companies that you have no access to, so you cannot"
                    " change it. Set up one for your own company, or ask somebody who"
                    " has access to all of them.",
                    record.sudo().display_name,
                )
            )
