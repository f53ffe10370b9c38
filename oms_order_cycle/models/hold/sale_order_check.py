"""Which checks are made of an order, and what comes of them."""

from collections import defaultdict

from odoo import api, fields, models

from .oms_hold_type import CUSTOMER_CHECKS, GOODS_STEPS

#: When an order has taken a step.
_MILESTONES = {
    "release": "oms_released_at",
    "pick": "oms_picked_at",
    "pack": "oms_packed_at",
    "ship": "oms_shipped_at",
    "invoice": "oms_invoiced_at",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_run_hold_checks(self, trigger):
        """Make the checks of the orders' workflows; open and lift holds.

        Does not release anything: callers do, for the orders returned.

        :param str trigger: ``confirm``, ``change``, ``release``, ``ship`` or ``cron``
        :return: orders that nothing keeps from the warehouse any longer
        """
        definitions = self.env["oms.hold.type"]._get_definitions()
        orders = self.sudo().filtered(
            lambda order: (
                order.state == "sale"
                and (
                    order.oms_workflow_id.id in definitions
                    or order.oms_open_hold_count
                    or order.oms_has_limited_decision
                )
            )
        )
        if not orders:
            return self.browse()
        known = orders._oms_get_known_holds()
        to_open = []
        to_lift = self.env["oms.hold"].sudo()
        checks = orders._oms_get_checks_to_make(trigger, definitions, known)
        if trigger in ("confirm", "change", "release"):
            self._oms_meet_other_checks(checks)
        for hold_type, (concerned, opening) in checks.items():
            opened, lifted = concerned._oms_run_hold_check(hold_type, opening, known)
            to_open += opened
            to_lift += lifted
        self.env["oms.hold"]._open(to_open)
        to_lift._lift(automatic=True)
        freed = to_lift.order_id
        return self.browse((freed - self._oms_filter_blocked(freed, "release")).ids)

    def _oms_run_hold_check(self, hold_type, opening, known):
        """Make one check; reasons of open holds that changed are written.

        :param opening: the orders that a hold may be opened for
        :param known: see :meth:`_oms_get_known_holds`
        :return: (values of holds to open, holds to lift)
        """
        if not hold_type._can_be_checked():
            return [], self.env["oms.hold"]
        now = fields.Datetime.now()
        reasons = hold_type._run_check(self)
        to_open = []
        to_lift = self.env["oms.hold"].sudo()
        for order in self:
            reason = reasons.get(order)
            holds = known[order].filtered(lambda hold: hold.type_id == hold_type)
            current = holds.filtered(lambda hold: hold.state == "open")
            if hold_type.check == "manual":
                reason = not current and holds._get_ended_reason(now)
            if current:
                if not reason and hold_type._lifts_itself():
                    to_lift += current
                elif reason and current.reason != reason:
                    current.reason = reason
                continue
            accepted = any(hold._covers(now) for hold in holds)
            if reason and order in opening and not accepted:
                holds.write({"in_force": False, "lifted_as": False})
                to_open.append(
                    {
                        "order_id": order.id,
                        "type_id": hold_type.id,
                        "reason": reason,
                        "stops_rest": order._oms_is_past(hold_type),
                    }
                )
        return to_open, to_lift

    @api.model
    def _oms_meet_other_checks(self, checks):
        """Where other orders of a customer count, two orders that are let go at the
        same moment have to see each other.

        :param checks: see :meth:`_oms_get_checks_to_make`
        """
        customers = set()
        for hold_type, (orders, _opening) in checks.items():
            if hold_type.check in CUSTOMER_CHECKS:
                customers.update(
                    (partner.commercial_partner_id.id, order.company_id.root_id.id)
                    for order in orders
                    for partner in (
                        (order.partner_id,)
                        if hold_type.check == "duplicate_ref"
                        else (order.partner_invoice_id,)
                    )
                )
        self.env["oms.customer.lock"]._meet(customers)

    @api.model
    def _oms_filter_blocked(self, orders, step):
        """The orders that are blocked for a step."""
        return orders.browse(order.id for order in orders._oms_blocking_holds(step))

    def _oms_get_known_holds(self):
        """Open holds, decisions in force, and holds that lifted themselves:
        ``{order: holds}``."""
        hold_model = self.env["oms.hold"].sudo()
        holds = hold_model.search(
            [
                ("order_id", "in", self.ids),
                "|",
                "|",
                ("state", "=", "open"),
                ("in_force", "=", True),
                ("lifted_as", "!=", False),
            ]
        )
        return defaultdict(lambda: hold_model, holds.grouped("order_id"))

    def _oms_get_checks_to_make(self, trigger, definitions, known):
        """Which checks to make on which orders.

        :return: ``{hold type: (orders to look at, orders a hold may open for)}``
        """
        hold_types = self.env["oms.hold.type"].sudo()
        looked_at = defaultdict(self.browse)
        opening = defaultdict(self.browse)
        for workflow, orders in self.grouped("oms_workflow_id").items():
            for definition in definitions.get(workflow.id, ()):
                concerned = orders.filtered(
                    lambda order, d=definition: (
                        d.company_id in (False, *order.company_id.parent_ids.ids)
                        and order._oms_is_check_due(trigger, d)
                    )
                )
                hold_type = hold_types.browse(definition.id)
                # a company and its parent may ask for the same check
                looked_at[hold_type] |= concerned
                opening[hold_type] |= concerned
        in_use = defaultdict(
            set,
            {
                workflow_id: {definition.id for definition in workflow_definitions}
                for workflow_id, workflow_definitions in definitions.items()
            },
        )
        for order, holds in known.items():
            for hold in holds:
                changed = (
                    hold.type_id.id in in_use[order.oms_workflow_id.id]
                    and not order.oms_shipped_at
                    and hold._is_order_changed()
                )
                if hold.state == "open" or hold.in_force or changed:
                    looked_at[hold.type_id] |= order
                if changed or (hold.in_force and order._oms_is_ahead(hold.type_id)):
                    opening[hold.type_id] |= order
        return {
            hold_type: (orders, opening[hold_type])
            for hold_type, orders in sorted(
                looked_at.items(), key=lambda item: (item[0].sequence, item[0].id)
            )
            if orders
        }

    def _oms_is_check_due(self, trigger, definition):
        """Whether a check of the workflow may stop the order at this point.

        All checks until the goods are released. After that, until they have left,
        those that are to be made again, and all when the order itself is changed: what
        was let go is not what it is now.
        """
        self.ensure_one()
        if trigger == "confirm":
            return True
        if trigger == "ship":
            return definition.recheck
        if self.oms_cycle_state != "open":
            return False
        return not self.oms_released_at or (
            (definition.recheck or trigger == "change") and not self.oms_shipped_at
        )

    def _oms_is_past(self, hold_type):
        """Whether goods have taken all steps that holds of the type block for them, so
        that a hold found now has to stop what is left."""
        self.ensure_one()
        steps = [step for step in GOODS_STEPS if hold_type[f"block_{step}"]]
        return bool(steps) and all(self[_MILESTONES[step]] for step in steps)

    def _oms_get_fingerprint(self):
        """What of an order decides whether it is stopped, in one line.

        A hold that lifted itself lifted itself of this order, and of no other.
        """
        self.ensure_one()
        address = self.partner_shipping_id
        return "|".join(
            str(value or "")
            for value in (
                f"{self.amount_total:.4f}",
                self.currency_id.id,
                self.partner_id.id,
                self.partner_invoice_id.id,
                self.partner_shipping_id.id,
                self.payment_term_id.id,
                self.client_order_ref,
                address.street,
                address.zip,
                address.city,
                address.state_id.id,
                address.country_id.id,
                address.phone,
                address.email,
            )
        )

    def _oms_is_ahead(self, hold_type):
        """Whether any step that holds of the type block is still to come."""
        self.ensure_one()
        return any(
            hold_type[f"block_{step}"] and not self[milestone]
            for step, milestone in _MILESTONES.items()
        )
