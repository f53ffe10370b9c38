import logging

import psycopg2

from odoo import models

from .sale_order_client_ref import UNATTENDED

_logger = logging.getLogger(__name__)
#: Two at once: Odoo tries again.
_CONFLICTS = (psycopg2.OperationalError, psycopg2.IntegrityError)


class PaymentTransaction(models.Model):
    """Nobody sits in front when a payment arrives: what goes wrong with its order is
    told to somebody, not to the log alone, and the payment goes on."""

    _inherit = "payment.transaction"

    def _post_process(self):
        others = self.filtered(lambda transaction: not transaction.sale_order_ids)
        res = super(PaymentTransaction, others)._post_process()
        for transaction in (self - others).with_context(oms_unattended=UNATTENDED):
            try:
                with self.env.cr.savepoint():
                    super(PaymentTransaction, transaction)._post_process()
            except _CONFLICTS:
                raise
            except Exception as error:
                _logger.exception(
                    "The payment %s cannot be worked off", transaction.reference
                )
                transaction._oms_post_process_order(error)
        return res

    def _oms_post_process_order(self, error):
        """Confirm the order of a payment that could not be worked off."""
        self.ensure_one()
        self.is_post_processed = True
        if self.state in ("authorized", "done") and self.operation != "validation":
            self._check_amount_and_confirm_order()
        self._oms_tell(
            self.env._("Paid, but not booked"),
            self.env._(
                "The payment %s arrived and could not be worked off. Register it by"
                " hand, and invoice the order where that is automatic:",
                self.reference,
            ),
            error,
        )

    def _check_amount_and_confirm_order(self):
        confirmed = self.env["sale.order"]
        for transaction in self.with_context(oms_unattended=UNATTENDED):
            try:
                with self.env.cr.savepoint():
                    confirmed |= super(
                        PaymentTransaction, transaction
                    )._check_amount_and_confirm_order()
            except _CONFLICTS:
                raise
            except Exception as error:
                _logger.exception(
                    "The order of the payment %s cannot be confirmed",
                    transaction.reference,
                )
                transaction._oms_tell(
                    self.env._("Paid, but not confirmed"),
                    self.env._(
                        "The payment %s arrived, but the order cannot be confirmed:",
                        transaction.reference,
                    ),
                    error,
                )
        return confirmed.with_env(self.env)

    def _oms_tell(self, summary, words, error):
        """Have somebody look at the orders of a payment."""
        self.ensure_one()
        why = str(error.args[0]) if error.args else repr(error)
        for order in self.sale_order_ids.sudo():
            order._oms_schedule_warning(summary, f"{words} {why}")
