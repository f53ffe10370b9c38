"""Holds that confirming a quotation would open."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_outlook(self):
        outlook = super()._oms_get_outlook()
        holds = [
            {
                "name": hold_type.name,
                "reason": reason,
                "blocks": [
                    hold_type._get_step_label(step)
                    for step in hold_type._get_blocked_steps()
                ],
            }
            for hold_type, reason in self._oms_find_expected_holds()
        ]
        may_read = self.sudo(False).env["oms.hold"].has_access("read")
        if not may_read:
            # a reason may tell what a customer owes
            holds = [{**hold, "reason": ""} for hold in holds]
        return {
            **outlook,
            "holds": holds,
            "is_plain": outlook["is_plain"] and not holds,
        }

    def _oms_find_expected_holds(self):
        """The checks that would stop the quotation if it were confirmed now.

        :return: list of (hold type, why), in the order in which they are made
        """
        self.ensure_one()
        hold_types = self.env["oms.hold.type"].sudo()
        definitions = hold_types._get_definitions().get(self.oms_workflow_id.id, ())
        companies = (False, *self.company_id.parent_ids.ids)
        concerned = hold_types.browse(
            dict.fromkeys(
                definition.id
                for definition in definitions
                if definition.company_id in companies
            )
        )
        order = self.sudo()
        found = [(hold_type, hold_type._run_check(order)) for hold_type in concerned]
        return [
            (hold_type, reasons[order])
            for hold_type, reasons in found
            if order in reasons
        ]
