"""A decision about a hold is taken back, while nothing has been picked yet."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class OmsHold(models.Model):
    _inherit = "oms.hold"

    @api.depends("state", "lifted_by")
    @api.depends_context("uid")
    def _compute_can_take_back(self):
        for hold in self:
            hold.can_take_back = (
                hold._is_decision_open() and not hold._get_what_has_begun()
            ) and hold._is_for_user()

    def _is_decision_open(self):
        """Whether a person decided, of an order that is still one."""
        self.ensure_one()
        hold = self.sudo()
        return (
            hold.state != "open"
            and bool(hold.lifted_by)
            and not hold.is_auto_lifted
            and not hold.is_closed_by_cancel
            and hold.order_id.state == "sale"
            and not any(
                other.state == "open" and other.type_id == hold.type_id
                for other in hold.order_id.oms_hold_ids
            )
        )

    def _get_what_has_begun(self):
        """Transfers (sudo) of the order that somebody works on, or worked off."""
        self.ensure_one()
        return (
            self.sudo()
            .order_id.order_line.move_ids.filtered(
                lambda move: (
                    move.state == "done" or (move.picked and move.state != "cancel")
                )
            )
            .picking_id
        )

    def _get_launched(self):
        """Moves (sudo) that the warehouse was asked for because of the decision."""
        self.ensure_one()
        hold = self.sudo()
        if not hold.type_id.block_release:
            return self.env["stock.move"].sudo()
        return hold.order_id._oms_get_launched(hold.lifted_at)

    def _check_can_take_back(self):
        """Refuse where it is too late, or somebody else's to decide.

        :raise UserError: why it is too late
        :raise AccessError: naming who may decide
        """
        self.check_access("read")
        for hold in self:
            order = hold.order_id.sudo()
            if not hold._is_for_user():
                raise AccessError(
                    self.env._(
                        "You may not decide about the hold %(hold)s of %(order)s."
                        " These may: %(who)s.",
                        hold=hold.display_name,
                        order=order.name,
                        who=hold.type_id._get_lifters(),
                    )
                )
            if not hold._is_decision_open():
                raise UserError(
                    self.env._(
                        "Nothing can be taken back about the hold %(hold)s of"
                        " %(order)s: nobody decided, or the order is on it again.",
                        hold=hold.display_name,
                        order=order.name,
                    )
                )
            begun = hold._get_what_has_begun()
            if begun:
                raise UserError(
                    self.env._(
                        "It is too late to take it back: %(order)s is being picked"
                        " (%(transfers)s). Put the order on hold by hand instead.",
                        order=order.name,
                        transfers=format_list(self.env, begun.mapped("name")),
                    )
                )
            bought = (
                hold._get_launched().filtered("move_orig_ids.purchase_line_id")
                if ("purchase_line_id" in self.env["stock.move"]._fields)
                else self.env["stock.move"]
            )
            if bought:
                raise UserError(
                    self.env._(
                        "It is too late to take it back: goods for %s have been ordered"
                        " from a supplier. Put the order on hold by hand instead.",
                        order.name,
                    )
                )

    def action_take_back(self):
        """Hold orders again as if nobody had decided; what the warehouse was asked for
        because of it is called off."""
        self._check_can_take_back()
        for hold in self.sudo():
            if hold.type_id.block_release:
                hold.order_id._oms_call_back(hold.lifted_at)
            hold._reopen()
        self.sudo()._tell("hold", lambda hold: hold._describe_taking_back())
        for hold_type, same in self.sudo().grouped("type_id").items():
            hold_type._notify(same)
        return True

    def _reopen(self):
        self.write(
            {
                "state": "open",
                "lifted_at": False,
                "lifted_by": False,
                "note": False,
                "amount": 0.0,
                "expiry": False,
                "in_force": False,
            }
        )

    def _describe_taking_back(self):
        return self.env._(
            "On hold again, the decision was taken back: %s", self.type_id.name
        )

    # -- what is told on the screen -----------------------------------------------

    def _get_decision_notice(self):
        """The client action that says what was released, with a way back."""
        orders = self.order_id.sudo()
        held = orders._oms_blocking_holds("release")
        words = []
        for order in orders[:3]:
            open_transfers = order.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
            if order in held:
                words.append(
                    self.env._(
                        "%(order)s still waits: %(holds)s",
                        order=order.name,
                        holds=format_list(self.env, held[order].mapped("display_name")),
                    )
                )
            elif open_transfers:
                words.append(
                    self.env._(
                        "%(order)s released: %(transfers)s",
                        order=order.name,
                        transfers=format_list(self.env, open_transfers.mapped("name")),
                    )
                )
            else:
                words.append(self.env._("%s goes on", order.name))
        if len(orders) > 3:
            words.append(self.env._("and %s more orders", len(orders) - 3))
        back = [hold.id for hold in self if hold.can_take_back]
        return {
            "type": "ir.actions.client",
            "tag": "oms_hold_decided",
            "params": {
                "message": "\n".join(words),
                "order_ids": orders.ids,
                "hold_ids": back,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
