"""The scheduled check of holds."""

from odoo import api, fields, models
from odoo.fields import Domain


class OmsHold(models.Model):
    _inherit = "oms.hold"

    @api.model
    def _cron_check(self, batch_size=200):
        """Lift what is solved, end overrides, stop orders whose customer got worse."""
        cron = self.env["ir.cron"]
        if not self._check_added_types(batch_size):
            return
        ids = self._get_order_ids_to_check()
        cron._commit_progress(remaining=len(ids))
        orders = self.env["sale.order"]
        for start in range(0, len(ids), batch_size):
            batch = orders.browse(ids[start : start + batch_size]).exists()
            batch._oms_recheck_holds_safely()
            if not cron._commit_progress(
                processed=len(ids[start : start + batch_size])
            ):
                break

    @api.model
    def _check_added_types(self, batch_size):
        """Lift what is not checked any longer, and look for what is from now on.

        :return: whether time is left
        """
        cron = self.env["ir.cron"]
        dropped = [("is_dropped", "=", True), ("state", "=", "open")]
        while holds := self.sudo().search(dropped, limit=batch_size, order="id"):
            holds._lift_dropped()
            if not cron._commit_progress(len(holds)):
                return False
        for hold_type in (
            self.env["oms.hold.type"]
            .sudo()
            .search([("is_checking", "=", True)], order="id")
        ):
            while done := hold_type._check_next(batch_size):
                if not cron._commit_progress(done, remaining=hold_type.orders_to_check):
                    return False
        return True

    @api.model
    def _trigger_check(self):
        """Have the scheduled check run soon."""
        cron = self.env.ref(
            "oms_order_cycle.ir_cron_check_holds", raise_if_not_found=False
        )
        # without it, people look at the holds again
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _get_order_ids_to_check(self):
        """Orders something may have changed for, the held ones first."""
        now = fields.Datetime.now()
        found = self.sudo().search(
            Domain("order_id.state", "=", "sale")
            & (
                (Domain("state", "=", "open") & Domain("type_id.check", "!=", "manual"))
                | (Domain("in_force", "=", True) & Domain("expiry", "<=", now))
                | (
                    Domain("lifted_as", "!=", False)
                    & Domain("order_id.oms_cycle_state", "=", "open")
                    & Domain("order_id.oms_shipped_at", "=", False)
                )
            ),
            order="id",
        )
        ids = dict.fromkeys(found.order_id.ids)
        workflow_ids = [
            workflow_id
            for workflow_id, definitions in self.env["oms.hold.type"]
            ._get_definitions()
            .items()
            if any(definition.recheck for definition in definitions)
        ]
        if workflow_ids:
            ids.update(
                dict.fromkeys(
                    self.env["sale.order"]
                    .sudo()
                    .search(
                        [
                            ("oms_workflow_id", "in", workflow_ids),
                            ("oms_cycle_state", "=", "open"),
                            ("state", "=", "sale"),
                            ("oms_shipped_at", "=", False),
                        ],
                        order="id",
                    )
                    .ids
                )
            )
        ids.update(dict.fromkeys(self.env["sale.order"]._oms_get_prepaid_waiting().ids))
        return list(ids)
