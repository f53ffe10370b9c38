"""Rejections: who asked for the order is told why; it does not go on."""

from odoo import models
from odoo.exceptions import UserError

#: What is said of an approval; the last of them counts.
DECISIONS = ("approval", "approval_withdrawn", "approval_rejected")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_oms_reject(self, reason):
        """Reject orders in the stage that waits for an approval.

        They stay there, are stopped, and the salesperson is told. To approve them
        later on takes it back.

        :param str reason: why; kept in the journal
        :raise UserError: without a reason
        """
        self.check_access("read")
        self._oms_check_can_approve()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why: a rejection needs a reason."))
        reason = reason.strip()
        standing = self._oms_get_approvals()
        vals_list = []
        for order in self:
            stage = order.oms_stage_id.sudo()
            # an order that grew was approved as it was: that is over
            if stage.id in standing.get(order.id, {}):
                vals_list.append(order._oms_prepare_withdrawal(order.id, stage))
            vals_list.append(
                {
                    "order_id": order.id,
                    "kind": "approval_rejected",
                    "stage_id": stage.id,
                    "amount": order.amount_total,
                    "name": self.env._(
                        "Rejected: %(stage)s. %(reason)s",
                        stage=stage.name,
                        reason=reason,
                    ),
                    "data": {"reason": reason},
                }
            )
        events = self.env["oms.event"]._log(vals_list)
        self._oms_rederive()
        rejected = events.filtered(lambda event: event.kind == "approval_rejected")
        for order, event in zip(self, rejected, strict=True):
            order.sudo()._oms_tell_rejection(event, reason)
        self._oms_after_reject(rejected)
        return True

    def _oms_after_reject(self, events):
        """Hook: orders were rejected.

        :param events: the ``oms.event`` of each, of the kind ``approval_rejected``
        """

    def _oms_tell_rejection(self, event, reason):
        """Note it on the order, and give the salesperson an activity."""
        self.ensure_one()
        self.message_post(body=event.name)
        person = self.user_id
        if person and person.active and not person.share and person != self.env.user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.with_context(lang=person.lang).env._(
                    "Rejected: %s", event.stage_id.name
                ),
                note=reason,
                user_id=person.id,
            )

    def _oms_get_rejection(self, stage):
        """The event that rejected an order in a stage, if nothing came after it."""
        self.ensure_one()
        last = (
            self.env["oms.event"]
            .sudo()
            .search(
                [
                    ("order_id", "=", self._origin.id),
                    ("stage_id", "=", stage.id),
                    ("kind", "in", DECISIONS),
                ],
                order="id desc",
                limit=1,
            )
        )
        return last.filtered(lambda event: event.kind == "approval_rejected")
