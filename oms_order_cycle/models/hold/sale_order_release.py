"""What is held is let go, whatever holds it; a word where the app is taken away."""

import logging

from odoo import models

from ..cycle.sale_order_release import RELEASE_ALL

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_unreleased_domain(self):
        """Confirmed orders that a hold or stage keeps from the warehouse."""
        return [("state", "=", "sale"), ("order_line.oms_release_pending", "=", True)]

    def _oms_release_whatever_holds(self):
        """Release orders although holds or stages keep them back; holds are lifted with
        a note."""
        held = self._oms_blocking_holds("release")
        holds = self.env["oms.hold"].sudo().union(*held.values())
        holds._lift(
            note=self.env._("All that was held has been released."), accept=True
        )
        self.with_context(oms_release_all=RELEASE_ALL)._oms_release()

    def _oms_leave_a_word(self):
        """Before the app is uninstalled: what it keeps back would be found by nobody.
        The orders say so in their chatter, and the log of the server."""
        orders = self.sudo().search(self._oms_get_unreleased_domain())
        words = self.env._(
            "The Order Cycle was uninstalled while this order was kept from the"
            " warehouse%s. No transfer has been made for what was kept back: raise the"
            " ordered quantities anew, or cancel the order and confirm it again."
        )
        orders._message_log_batch(
            {
                order.id: words
                % (f" ({order.oms_hold_summary})" if order.oms_hold_summary else "")
                for order in orders
            }
        )
        if orders:
            _logger.warning(
                "Uninstalled with orders kept from the warehouse: %s",
                ", ".join(orders.mapped("name")),
            )
        # their types are deleted before them, which the database refuses
        self.env.cr.execute("DELETE FROM oms_hold")
