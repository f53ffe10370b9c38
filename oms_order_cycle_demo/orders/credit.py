"""Credit control and customer service: holds, and limits of credit."""

from .book import Desk

#: Holds placed by hand, by twist: code of the type, and why.
MANUAL_HOLDS = {
    ("held", "later"): ("LATER", "The terrace opens only next month."),
    ("held", "service"): ("SERVICE", "Substitute offered for the soup bowls."),
    ("packed", "service"): ("SERVICE", "Stop: the customer disputes the price."),
    ("delivered", "invoice"): ("INVOICE", "Wants a purchase order number on it."),
    ("paid", "lifted"): ("SERVICE", "Delivery address to be confirmed."),
}
#: How far orders have got that are held only then.
LATE_HOLDS = ("packed", "delivered")


class CreditDesk(Desk):
    """Places holds, lifts them, and sets what customers may owe."""

    def place_holds(self, plans):
        """Holds that people place by hand."""
        types = {
            hold_type.code: hold_type
            for hold_type in self.env["oms.hold.type"].search(
                [("check", "=", "manual"), ("company_id", "=", False)]
            )
        }
        vals_list = []
        for plan in plans:
            if (plan.reach, plan.twist) not in MANUAL_HOLDS:
                continue
            code, reason = MANUAL_HOLDS[plan.reach, plan.twist]
            vals_list.append(
                {
                    "order_id": plan.order.id,
                    "type_id": types[code].id,
                    "reason": reason,
                }
            )
        return self.env["oms.hold"]._open(vals_list)

    def lift_holds(self, plans):
        """Holds of old orders that somebody lifted."""
        holds = self._open_holds(plans) | self.place_holds(plans)
        if holds:
            holds.with_user(self.refs["user_manager"]).action_lift("Cleared by phone")

    def lift_the_rest(self, plans):
        """Holds that the checks placed on orders that are to go on."""
        holds = self._open_holds(plans)
        if holds:
            holds.sudo().action_lift("Agreed by phone")

    def _open_holds(self, plans):
        return self.book.orders(plans).oms_hold_ids.filtered(
            lambda hold: hold.state == "open"
        )

    def set_credit_limits(self):
        """Limits that let pass what has passed, and stop the orders to be held."""
        held = {plan.ref for plan in self.book.plans if plan.twist == "credit"}
        self.env["res.partner"].invalidate_model(["credit", "credit_to_invoice"])
        for ref, partner in self.world.customers.items():
            limit = float(self.world.customer_rows[ref]["credit_limit"])
            owed = partner.credit + partner.credit_to_invoice
            if ref in held:
                limit = max(500 * (owed // 500 + 1), 1000)
            elif limit:
                limit = max(limit, 1000 * (1.25 * owed // 1000 + 1))
            partner.credit_limit = limit

    def hold(self):
        """Confirm the orders that are stopped; most are by the checks themselves."""
        plans = [plan for plan in self.book.plans if plan.reach == "held"]
        self.place_holds(plans)
        self.book.orders(plans).action_confirm()
