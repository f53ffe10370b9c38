"""What the cycle bar and Why? say of the holds of an order."""

from odoo import models

#: The step that a hold must block for nobody to get an order out of its stage.
_STEP_OF_MILESTONE = {
    "released": "release",
    "picked": "pick",
    "packed": "pack",
    "loaded": "ship",
    "shipped": "ship",
    "invoiced": "invoice",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_cycle_bar(self):
        bar = super()._oms_get_cycle_bar()
        if not bar:
            return bar
        holds = self._oms_get_holds_to_show()
        return {
            **bar,
            "held": bool(holds),
            "holds": [
                {
                    "id": hold.id,
                    "name": hold.type_id.name,
                    "reason": reason,
                    "blocks": hold._get_blocked_steps(),
                    "can_lift": can_lift,
                }
                for hold, reason, can_lift in holds
            ],
            "paused": bool(
                any(hold.type_id.customer_caused for hold, *_others in holds)
                and self.oms_stage_id.sudo().allowed_hours
            ),
        }

    def _oms_get_turn(self):
        """Who lifts a hold comes before who could do nothing as long as it is there."""
        stopping = self._oms_get_stage_holds()
        if not stopping:
            return super()._oms_get_turn()
        hold_type = stopping[0].type_id
        return hold_type.owner_group_id.name or "", hold_type.description or ""

    def _oms_get_stage_holds(self):
        """Open holds (sudo) that stop what the order's stage asks for: its step, or
        the release as long as nothing was handed to the warehouse."""
        self.ensure_one()
        holds = self.sudo().oms_hold_ids.filtered(lambda hold: hold.state == "open")
        step = _STEP_OF_MILESTONE.get(self.oms_stage_id.sudo().milestone)
        if not holds or not step:
            return holds.browse()
        steps = {step}
        if step != "invoice" and self.state == "sale" and not self._oms_is_begun():
            steps.add("release")
        return holds.filtered(lambda hold: hold._blocks(steps))

    def _oms_is_begun(self):
        """Whether anything of the order was handed to the warehouse."""
        moves = self.sudo().order_line.move_ids
        return any(move.state != "cancel" for move in moves)

    def _oms_get_holds_to_show(self):
        """Open holds as the user may see them, whoever computes: a hold (sudo), its
        reason (empty for those who may not read holds; it may tell what a customer
        owes), and whether the user may lift it.

        :return: list of (hold, reason, can lift)
        """
        self.ensure_one()
        user_env = self.sudo(False).env
        may_read = user_env["oms.hold"].has_access("read")
        return [
            (
                hold,
                hold.with_env(user_env)._get_words() if may_read else "",
                may_read and hold.with_env(user_env).can_lift,
            )
            for hold in self.sudo().oms_hold_ids
            if hold.state == "open"
        ]

    def _oms_explain_obstacles(self):
        words = []
        for hold, reason, _can_lift in self._oms_get_holds_to_show():
            words.append(
                self.env._(
                    "On hold: %(name)s. %(reason)s May be lifted by: %(who)s.",
                    name=hold.type_id.name,
                    reason=hold._end_sentence(reason),
                    who=hold.type_id._get_lifters(),
                ).replace("  ", " ")
            )
            if hold.type_id.description:
                words.append(self.env._("What to do: %s", hold.type_id.description))
            if hold.type_id.customer_text:
                words.append(
                    self.env._("Customer sees: %s", hold.type_id.customer_text)
                )
        return words + self._oms_explain_decisions() + super()._oms_explain_obstacles()

    def _oms_explain_decisions(self):
        """What somebody accepted and still counts, for those who may read holds."""
        if not self.sudo(False).env["oms.hold"].has_access("read"):
            return []
        decided = self.sudo().oms_hold_ids.filtered("in_force")
        return [
            hold._describe_override()
            if hold.state == "overridden"
            else hold._describe_lifting()
            for hold in decided
        ]

    def _oms_summarize_holds(self, holds_by_order):
        """The open holds of some orders in one line, for transfers and invoices: what
        stops them, and the cause in words that all may read.

        :param holds_by_order: see :meth:`_oms_get_open_holds`
        """
        return "; ".join(
            hold._describe_cause()
            for order in self
            for hold in holds_by_order.get(order, ())
        )

    def _oms_portal_waits(self):
        waits = super()._oms_portal_waits()
        holds = self.sudo().oms_hold_ids.filtered(lambda hold: hold.state == "open")
        waits += [text for text in holds.type_id.mapped("customer_text") if text]
        # what exactly is between the customer and who calls him
        if any(
            hold_type.customer_caused and not hold_type.customer_text
            for hold_type in holds.type_id
        ):
            waits.append(
                self.env._(
                    "We need something from you before we can go on with this order."
                    " Please get in touch with us."
                )
            )
        return waits
