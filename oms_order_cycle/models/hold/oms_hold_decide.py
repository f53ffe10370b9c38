"""What people decide about holds: lift, override, look again."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ...tools.arguments import finite_number, moment, text


class OmsHold(models.Model):
    _inherit = "oms.hold"

    # -- who may ----------------------------------------------------------------

    def _check_can_lift(self):
        """Refuse to lift what is not open, or not the user's to lift.

        :raise UserError: the hold is closed already
        :raise AccessError: naming who may lift it
        """
        self.check_access("read")
        for hold in self:
            if hold.state != "open":
                raise UserError(
                    self.env._(
                        'The hold "%(hold)s" of %(order)s is no longer open.',
                        hold=hold.display_name,
                        order=hold.order_id.sudo().name,
                    )
                )
            if not hold.can_lift:
                raise AccessError(
                    self.env._(
                        'You may not lift the hold "%(hold)s" of %(order)s. It may be'
                        " lifted by: %(who)s.",
                        hold=hold.display_name,
                        order=hold.order_id.sudo().name,
                        who=hold.type_id._get_lifters(),
                    )
                )

    # -- actions ----------------------------------------------------------------

    def action_lift(self, note=None):
        """Lift holds by hand, and release the orders that nothing holds any longer.

        The cause may be there still: then it is accepted for the order as it is, and
        only for that (a larger total opens a new hold where money is the cause).

        :param str note: why
        """
        self._check_can_lift()
        holds = self.sudo()
        holds._lift(note=text(self.env, note), accept=True)
        holds.order_id._oms_release()
        return True

    def action_open_lift(self):
        """Ask for a note before the holds are lifted."""
        return self._open_dialog("oms.hold.lift", self.env._("Lift"))

    def action_open_override(self):
        """Ask for the terms of an override."""
        return self._open_dialog("oms.hold.override", self.env._("Override"))

    def _open_dialog(self, model_name, title):
        self._check_can_lift()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }

    def action_override(self, note, amount=0.0, expiry=False):
        """Let orders pass although the cause of their holds persists.

        :param str note: why; required
        :param float amount: order total up to which this counts, 0 for any
        :param datetime expiry: until when this counts, empty for ever
        """
        self._check_can_lift()
        note, amount = text(self.env, note), finite_number(self.env, amount)
        expiry = moment(self.env, expiry)
        self._check_terms(note, amount, expiry)
        holds = self.sudo()
        holds._decide(
            {
                "state": "overridden",
                "note": note,
                "amount": amount,
                "expiry": expiry,
                "in_force": True,
            }
        )
        holds._tell("hold_overridden", lambda hold: hold._describe_override())
        holds.order_id._oms_release()
        return True

    def _check_terms(self, note, amount, expiry):
        if not note:
            raise UserError(
                self.env._("Say in the note why the hold is overridden: it is kept.")
            )
        if amount < 0:
            raise UserError(self.env._("The amount of an override cannot be negative."))
        if expiry and expiry <= fields.Datetime.now():
            raise UserError(self.env._("An override must end in the future."))
        for order in self.order_id.sudo():
            if (
                amount
                and order.currency_id.compare_amounts(order.amount_total, amount) > 0
            ):
                raise UserError(
                    self.env._(
                        "The total of %(order)s, %(total)s, is above the amount"
                        " %(amount)s up to which it would be accepted.",
                        order=order.name,
                        total=formatLang(
                            self.env, order.amount_total, currency_obj=order.currency_id
                        ),
                        amount=formatLang(
                            self.env, amount, currency_obj=order.currency_id
                        ),
                    )
                )

    def action_recheck(self):
        """Look again whether the causes are there still; orders that nothing holds any
        longer are released."""
        self.check_access("read")
        self.order_id.check_access("write")
        self.order_id.sudo()._oms_recheck_holds()
        return True

    def action_view_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }
