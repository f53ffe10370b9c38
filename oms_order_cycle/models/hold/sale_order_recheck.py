"""When holds are looked for: on confirmation, after changes, at shipping, by cron."""

import logging

from odoo import SUPERUSER_ID, api, models, modules
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .oms_hold_type import MONEY_CHECKS

_logger = logging.getLogger(__name__)

#: Key of the requests in ``cr.precommit.data``: customers, their companies, checks.
_HOLD_CHECK = "oms_order_cycle.hold_check"
#: Value of the context key ``oms_holds_checked``; no client can send this object.
CHECKED = object()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_recheck_holds(self, trigger="change"):
        """Make the checks, and release the orders that nothing holds any longer."""
        freed = self._oms_run_hold_checks(trigger)
        if trigger == "cron":
            freed |= self._oms_note_prepayments()
        if freed:
            freed.sudo()._oms_release()
        return freed

    def _oms_recheck_holds_safely(self):
        """The checks of the cron: one order that fails does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._oms_recheck_holds("cron")
        except Exception as error:
            if len(self) <= 1:
                if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    # somebody works on the customer's orders; the next run looks again
                    return
                _logger.exception("The holds of order %s cannot be checked", self.name)
                return
            for order in self:
                order._oms_recheck_holds_safely()

    def _oms_recheck_after_change(self):
        """An order was changed: what stopped it may be gone, or come up.

        Costs no query while no order has a hold, a decision or checks to make.
        """
        if self.env.context.get("oms_holds_checked") is CHECKED:
            return
        definitions = self.env["oms.hold.type"]._get_definitions()
        self.sudo().filtered(
            lambda order: (
                order.state == "sale"
                and (
                    order.oms_open_hold_count
                    or order.oms_has_limited_decision
                    or order.oms_workflow_id.id in definitions
                )
            )
        )._oms_recheck_holds()

    def _oms_run_checks_before_launch(self):
        """Lines are about to be procured: an order that grew may have to stop.

        :return: orders to release once the lines are launched
        """
        if self.env.context.get("oms_holds_checked") is CHECKED:
            return self.browse()
        return self._oms_run_hold_checks("change")

    def _oms_recheck_at_shipping(self):
        """Make the checks that are made again at shipping; end what was accepted.

        The error that follows undoes the holds just opened with the rest of the
        transaction.  They are opened again right after, so that those who may lift
        them see them.
        """
        definitions = self.env["oms.hold.type"]._get_definitions()
        orders = self.sudo().filtered(
            lambda order: (
                order.oms_has_limited_decision
                or any(
                    definition.recheck
                    for definition in definitions.get(order.oms_workflow_id.id, ())
                )
            )
        )
        if not orders:
            return
        before = self.env["oms.hold"].union(*orders._oms_get_open_holds().values())
        orders._oms_recheck_holds("ship")
        after = self.env["oms.hold"].union(*orders._oms_get_open_holds().values())
        found = (after - before).order_id
        if found:
            found._oms_keep_holds_after_rollback()

    def _oms_keep_holds_after_rollback(self):
        """Open, once the transaction is undone, the holds that made it fail."""
        registry, ids = self.env.registry, self.ids

        def open_again():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["sale.order"].browse(ids).exists()._oms_run_hold_checks("ship")
            except Exception:
                # the cron finds them, too
                _logger.exception("Holds found at shipping could not be kept")

        if not modules.module.current_test:
            self.env.cr.postrollback.add(open_again)

    @api.model
    def _oms_waits_for_money(self):
        """Whether payments may set orders free: from holds, or from stages."""
        checks = self.env["oms.hold.type"]._get_checks_in_use()
        return self._oms_waits_for_payment() or not checks.isdisjoint(MONEY_CHECKS)

    @api.model
    def _oms_waits_for_payment(self):
        return bool(self.env["oms.workflow"]._get_prepaid_stages())

    @api.model
    def _oms_request_hold_check(self, partners, checks):
        """Let the cron look at held orders of customers soon: their case changed.

        :param partners: customers whose documents or data changed
        :param checks: checks of ``oms.hold.type`` that may come out otherwise now
        """
        waited_for = (
            not set(checks).isdisjoint(MONEY_CHECKS) and self._oms_waits_for_payment()
        )
        checks = self.env["oms.hold.type"]._get_checks_in_use().intersection(checks)
        if not (checks or waited_for) or not partners:
            return
        # Paying many invoices asks for each of them: look once, at the end.
        data = self.env.cr.precommit.data
        if _HOLD_CHECK not in data:
            data[_HOLD_CHECK] = (set(), set(), set())
            self.env.cr.precommit.add(self.sudo()._oms_trigger_hold_check)
        partner_ids, commercial_ids, requested = data[_HOLD_CHECK]
        partner_ids.update(partners.ids)
        commercial_ids.update(partners.sudo().commercial_partner_id.ids)
        requested.update(checks)

    @api.model
    def _oms_trigger_hold_check(self):
        partner_ids, commercial_ids, checks = self.env.cr.precommit.data[_HOLD_CHECK]
        held = self.env["oms.hold"].search_count(
            (Domain("state", "=", "open") | Domain("lifted_as", "!=", False))
            & Domain("type_id.check", "in", list(checks))
            & (
                Domain(
                    "order_id.partner_invoice_id.commercial_partner_id",
                    "in",
                    list(commercial_ids),
                )
                | Domain(
                    "order_id.partner_id.commercial_partner_id",
                    "in",
                    list(commercial_ids),
                )
                | Domain("order_id.partner_shipping_id", "in", list(partner_ids))
            ),
            limit=1,
        ) or self._oms_get_prepaid_waiting(
            Domain(
                "partner_invoice_id.commercial_partner_id", "in", list(commercial_ids)
            )
        )
        if held:
            self.env["oms.hold"]._trigger_check()
