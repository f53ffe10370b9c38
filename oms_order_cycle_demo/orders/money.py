"""Accounting: invoices, payments and credit notes."""

from .book import Desk


class AccountingDesk(Desk):
    """Invoices what was delivered and registers what was paid."""

    def prepay(self, plans):
        """A down payment of everything, paid at once."""
        for plan in plans:
            order = plan.order
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_ids=order.ids, active_model="sale.order")
                .create({"advance_payment_method": "percentage", "amount": 100.0})
            )
            wizard.create_invoices()
            invoice = order.invoice_ids
            invoice.invoice_date = self.clock.date(plan.time("confirmed"))
            invoice.action_post()
            self._register_payment(invoice, plan.time("released"))
        if plans:
            self.env.flush_all()
            self.book.orders(plans).oms_hold_ids.action_recheck()

    def invoice(self, plans):
        """One invoice per order, dated before it is posted."""
        goers = [
            plan for plan in plans if plan.has("invoiced") and plan.reach != "cancelled"
        ]
        self._post_dated(goers, lambda plan: self.clock.date(plan.time("invoiced")))

    def _post_dated(self, plans, date_of):
        """Post what is to be invoiced or credited, on a date that follows from the
        plan."""
        orders = self.book.orders(plans)
        dates = {plan.order: date_of(plan) for plan in plans}
        invoices = orders._create_invoices(grouped=True, final=True)
        for invoice in invoices:
            order = invoice.invoice_line_ids.sale_line_ids.order_id
            invoice.invoice_date = dates[order]
        invoices.action_post()

    def refund(self, plans):
        """Credit what came back, and set it off against what is owed."""
        if not plans:
            return
        self._post_dated(
            plans, lambda plan: self.clock.date(self.book.return_time(plan, 8))
        )
        for plan in plans:
            plan.order.invoice_ids.line_ids.filtered(
                lambda line: line.display_type == "payment_term" and not line.reconciled
            ).reconcile()

    def pay(self, plans):
        """Payments, whole or half, each on its own day."""
        for plan in plans:
            invoices = plan.order.invoice_ids.filtered(
                lambda move: (
                    move.payment_state in ("not_paid", "partial")
                    and move.state == "posted"
                    and move.move_type == "out_invoice"
                )
            )
            if not invoices:
                continue
            if plan.reach == "paid":
                self._register_payment(invoices, plan.time("paid"))
            elif plan.twist == "half":
                moment = self.clock.back(self.clock.now, 12)
                total = sum(invoices.mapped("amount_residual"))
                self._register_payment(invoices, moment, round(total / 2, 2))

    def _register_payment(self, invoices, moment, amount=None):
        vals = {"payment_date": self.clock.date(moment)}
        if amount:
            vals["amount"] = amount
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create(vals).action_create_payments()
