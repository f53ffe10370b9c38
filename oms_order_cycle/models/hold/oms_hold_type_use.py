"""What running orders ask of hold types."""

from odoo import api, models, tools
from odoo.fields import Domain

from ...tools.conditions import find_paths
from .oms_hold_type import MONEY_CHECKS, STEPS, HoldDefinition


class OmsHoldType(models.Model):
    _inherit = "oms.hold.type"

    @api.model
    @tools.ormcache()
    def _get_definitions(self):
        """Checks by workflow, so that orders without any cost no query.

        :return: ``{workflow id: (HoldDefinition, ...)}``; types placed by hand are
            not in it
        """
        for_all = self._get_definitions_for_all()
        domain = Domain("state", "!=", "draft")
        if not for_all:
            domain &= Domain("hold_type_ids.check", "!=", "manual")
        workflows = (
            self.env["oms.workflow"]
            .sudo()
            .with_context(active_test=False)
            .search(domain)
        )
        definitions = {}
        for workflow in workflows:
            hold_types = workflow.hold_type_ids._filter_checked()
            own = tuple(
                hold_type._get_definition(hold_type.company_id)
                for hold_type in hold_types
            )
            others = tuple(
                definition
                for definition in for_all
                if definition.id not in hold_types.ids
            )
            if own or others:
                definitions[workflow.id] = own + others
        return definitions

    @api.model
    def _get_definitions_for_all(self):
        """Checks that companies make on all of their orders."""
        companies = (
            self.env["res.company"].sudo().search([("oms_hold_type_ids", "!=", False)])
        )
        return tuple(
            hold_type._get_definition(company)
            for company in companies
            for hold_type in company.oms_hold_type_ids._filter_checked()
        )

    def _filter_checked(self):
        """Those in use that are not placed by hand, in their order."""
        return self.filtered(
            lambda hold_type: hold_type.active and hold_type.check != "manual"
        ).sorted()

    def _get_definition(self, company):
        return HoldDefinition(self.id, self.check, company.id, self.recheck)

    @api.model
    def _get_checks_in_use(self):
        """The checks that some workflow makes."""
        return {
            definition.check
            for definitions in self._get_definitions().values()
            for definition in definitions
        }

    @api.model
    @tools.ormcache()
    def _get_watched_fields(self):
        """Fields of an order whose change may open or lift a hold."""
        watched = {"client_order_ref", "partner_id", "partner_invoice_id"}
        watched |= {"partner_shipping_id", "payment_term_id", "oms_channel_id"}
        hold_types = self.sudo().with_context(active_test=False)
        for hold_type in hold_types.search([("domain", "not in", (False, "[]"))]):
            paths = find_paths(self.env["sale.order"], hold_type.domain)
            watched.update(path.split(".")[0] for path in paths)
        # lines watch themselves
        return frozenset(watched - {"order_line"})

    @api.model
    @tools.ormcache("step")
    def _is_step_blockable(self, step):
        """Whether any hold type, in use or archived, blocks the step."""
        return bool(
            self.sudo()
            .with_context(active_test=False)
            .search_count([(f"block_{step}", "=", True)], limit=1)
        )

    def _is_about_money(self):
        """Whether what is accepted once is accepted up to the order's total only."""
        return self.check in MONEY_CHECKS

    def _lifts_itself(self):
        return self.auto_lift and self.check != "manual"

    def _get_blocked_steps(self):
        """Codes of the steps blocked, in their order."""
        self.ensure_one()
        return [step for step in STEPS if self[f"block_{step}"]]

    @api.model
    def _get_step_label(self, step):
        """A step as the form of hold types calls it, in the user's language."""
        return self._fields[f"block_{step}"]._description_string(self.env)

    def _get_default_lifters(self):
        """Groups whose members lift holds that name nobody, of orders that they may
        change: whoever sells, and the owner. Odoo lets many others write orders."""
        return self.env.ref("sales_team.group_sale_salesman") | (
            self.sudo().owner_group_id
        )

    def _get_lifters(self):
        """Who may lift holds of this type, in words."""
        self.ensure_one()
        groups = self.sudo().lift_group_ids
        if not groups:
            return self.env._("everybody who sells and may change the order")
        names = []
        for group in groups:
            users = group.all_user_ids.filtered(lambda user: not user.share)[:3]
            who = ", ".join(users.mapped("name"))
            names.append(f"{group.full_name} ({who})" if who else group.full_name)
        return self.env._(" or ").join(names)
