"""Confirmed is not released: what keeps orders from the warehouse, and approvals."""

from odoo import models
from odoo.exceptions import UserError

#: Value of the context key ``oms_release_all``; no client can send this object.
RELEASE_ALL = object()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- release --------------------------------------------------------------------

    def _action_confirm(self):
        if self:
            # conditions of workflows are tested on the order as it is confirmed
            self.sudo()._oms_assign_workflow()
            self = self._oms_before_confirm()
        return super()._action_confirm()

    def _oms_before_confirm(self):
        """Hook: orders have their workflow, and are about to be confirmed.

        :return: the orders, in the context in which they are confirmed
        """
        return self

    def _oms_get_withheld(self):
        """Hook: orders that must not reach the warehouse yet, and why.

        :return: ``{order: words}``
        """
        withheld = {}
        if self.env.context.get("oms_release_all") is RELEASE_ALL:
            return withheld
        workflows = self.env["oms.workflow"]
        for order in self:
            gate = workflows._get_release_gate(order.oms_workflow_id.id)
            # reading the stage costs a query, so only where it matters
            if gate and order.oms_stage_id.id in gate:
                withheld[order] = self.env._(
                    "it is still in the stage %s", order.oms_stage_id.sudo().name
                )
        return withheld

    def _oms_get_pending_lines(self):
        return self.order_line.filtered("oms_release_pending")

    def _oms_release(self):
        """Hand to the warehouse what was kept back and no longer has to be."""
        orders = self.filtered(
            lambda order: order.state == "sale" and order._oms_get_pending_lines()
        )
        if orders:
            # Odoo procures nothing for locked orders, and locks them at confirmation
            locked = orders.filtered("locked")
            locked.locked = False
            orders = orders._oms_before_release()
            orders._oms_get_pending_lines()._action_launch_stock_rule()
            locked.locked = True
        return True

    def _oms_before_release(self):
        """Hook: orders are about to be released to the warehouse.

        :return: the orders, in the context in which they are released
        """
        return self

    def action_oms_release(self):
        """Release orders to the warehouse, or say why they cannot be yet."""
        self.check_access("write")
        self._oms_release()
        pending = self.filtered(lambda order: order._oms_get_pending_lines())
        pending._oms_check_released()
        return True

    def _oms_check_released(self):
        """Hook: refuse to leave orders kept back that were to be released, in silence.

        :raise UserError: naming the order, and what keeps it from the warehouse
        """
        withheld = self._oms_get_withheld()
        for order in self:
            if order in withheld:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be released to the warehouse: %(why)s.",
                        order=order.name,
                        why=withheld[order],
                    )
                )

    def _action_cancel(self):
        res = super()._action_cancel()
        self._oms_after_cancel()
        # an order set to quotation again is to be approved as it is then
        self._oms_withdraw_approvals()
        return res

    def _oms_after_cancel(self):
        """Hook: orders were cancelled."""
