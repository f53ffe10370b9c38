"""That goods arrived at the customer: recorded, and taken back."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import INTERNAL


class StockPicking(models.Model):
    _inherit = "stock.picking"

    oms_can_mark_delivered = fields.Boolean(
        compute="_compute_oms_can_mark_delivered", groups=INTERNAL
    )

    @api.depends("state", "oms_delivered_at", "location_dest_id")
    def _compute_oms_can_mark_delivered(self):
        for picking in self:
            picking.oms_can_mark_delivered = (
                picking.state == "done"
                and not picking.oms_delivered_at
                and picking._oms_leaves_the_company()
            )

    def _oms_check_may_record_arrival(self):
        """Arrivals are recorded in the warehouse. Sales and invoicing may write
        transfers in Odoo, but have not seen the goods arrive.

        :raise AccessError: saying who may
        """
        self.check_access("write")
        if self.env.su or self.env.user.has_group("stock.group_stock_user"):
            return
        raise AccessError(
            self.env._(
                "Arrivals are recorded by Dispatch, or by whoever works in Inventory."
                " Ask one of them to record when the goods arrived."
            )
        )

    def _oms_check_can_mark_delivered(self):
        self._oms_check_may_record_arrival()
        wrong = self.filtered(lambda picking: not picking.oms_can_mark_delivered)
        if wrong:
            raise UserError(
                self.env._(
                    "The arrival of %s cannot be recorded: only a delivery that has"
                    " left and has not arrived yet can.",
                    ", ".join(wrong.mapped("name")),
                )
            )

    def action_oms_mark_delivered(self):
        """Record that the goods of shipped transfers arrived at the customer now."""
        self._oms_record_arrival(fields.Datetime.now())
        return True

    def _oms_record_arrival(self, date, received_by="", note=""):
        """Record that the goods of shipped transfers arrived at the customer.

        :param datetime.datetime date: when (UTC)
        :param str received_by: name of the person who took them
        :param str note: what there is to remark
        :raise UserError: not all of them have left, or the date cannot be
        """
        self._oms_check_can_mark_delivered()
        self._oms_check_arrival(date)
        self.sudo().write(
            {
                "oms_delivered_at": date,
                "oms_delivered_by": self.env.uid,
                "oms_received_by": received_by,
                "oms_arrival_note": note,
            }
        )
        self._oms_log_orders(
            "delivered",
            lambda picking: self._oms_describe_arrival(picking, received_by, note),
            date=date,
        )

    def _oms_check_arrival(self, date):
        if date > fields.Datetime.now():
            raise UserError(self.env._("Goods cannot have arrived in the future."))
        early = self.filtered(
            # the seconds of what a user types are 0
            lambda picking: date < (picking.date_done or date).replace(second=0)
        )
        if early:
            raise UserError(
                self.env._(
                    "%(transfer)s left on %(date)s: it cannot have arrived before.",
                    transfer=early[0].name,
                    date=self.env["sale.order"]._oms_format(early[0].date_done),
                )
            )

    def _oms_describe_arrival(self, picking, received_by, note):
        if received_by:
            words = self.env._(
                "%(transfer)s arrived at the customer, received by %(person)s",
                transfer=picking.name,
                person=received_by,
            )
        else:
            words = self.env._("%s arrived at the customer", picking.name)
        return f"{words}: {note}" if note else words

    def action_oms_open_arrival(self):
        """Ask when the goods arrived, and who took them."""
        waiting = self.filtered("oms_can_mark_delivered")
        if not waiting:
            self._oms_check_can_mark_delivered()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mark as Arrived"),
            "res_model": "oms.arrival",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_picking_ids": waiting.ids,
                "default_left_out": len(self - waiting),
            },
        }

    def action_oms_undo_arrival(self):
        """Take back an arrival that was recorded by mistake; the journal keeps both."""
        self._oms_check_may_record_arrival()
        wrong = self.filtered(lambda picking: not picking.oms_delivered_at)
        if wrong:
            raise UserError(
                self.env._(
                    "No arrival of %s has been recorded.",
                    ", ".join(wrong.mapped("name")),
                )
            )
        self.sudo().write(
            {
                "oms_delivered_at": False,
                "oms_delivered_by": False,
                "oms_received_by": False,
                "oms_arrival_note": False,
            }
        )
        self._oms_log_orders(
            "fact_cleared",
            lambda picking: self.env._("Arrival of %s taken back", picking.name),
        )
        return True

    def _oms_log_orders(self, kind, describe, **values):
        """One event for each order of each transfer.

        :param describe: function of a transfer, returns the sentence
        """
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": kind,
                    "res_model": self._name,
                    "res_id": picking.id,
                    "name": describe(picking),
                    **values,
                }
                for picking in self
                for order in picking.sudo().oms_order_ids
            ]
        )
