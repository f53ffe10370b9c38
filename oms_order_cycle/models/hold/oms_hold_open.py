"""How holds are opened and closed, and what a decision counts for."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.tools import format_list
from odoo.tools.misc import formatLang

from ...tools.working_time import plan_hours
from .oms_hold_type import GOODS_STEPS

#: Holds are opened in numbers: no followers, no "created" note for each.
_QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class OmsHold(models.Model):
    _inherit = "oms.hold"

    # -- opening and closing ----------------------------------------------------

    @api.model
    def _open(self, vals_list):
        """Open holds; journal and chatter say so.

        :param list vals_list: ``order_id``, ``type_id`` and ``reason`` of each
        :return: the holds (sudo)
        """
        if not vals_list:
            return self.sudo()
        now = fields.Datetime.now()
        hold_types = self.env["oms.hold.type"].sudo()
        planned = {}
        for vals in vals_list:
            type_id = vals["type_id"]
            if type_id not in planned:
                planned[type_id] = self._plan_deadline(hold_types.browse(type_id), now)
            vals.update(opened_at=now, deadline=planned[type_id])
        holds = self.sudo().with_context(**_QUIET).create(vals_list)
        holds = self.sudo().browse(holds.ids)
        holds._report("hold", lambda hold: hold._describe_opening())
        for hold_type, same in holds.grouped("type_id").items():
            hold_type._notify(same)
        return holds

    @api.model
    def _plan_deadline(self, hold_type, start):
        hours = hold_type.allowed_hours
        return plan_hours(hold_type.calendar_id, start, hours) if hours else False

    def _lift(self, note=None, accept=False, automatic=False):
        """Close open holds without asking who does it.

        :param bool accept: a person decided; remember it against the next check
        :param bool automatic: the cause is gone
        """
        self._decide(
            {
                "state": "lifted",
                "note": note or False,
                "is_auto_lifted": automatic,
                "in_force": accept,
                "amount": 0.0,
            }
        )
        if automatic:
            for hold in self:
                hold.lifted_as = hold.order_id._oms_get_fingerprint()
        if accept:
            # what is accepted once is accepted up to the order's total only
            money = self.filtered(lambda hold: hold.type_id._is_about_money())
            for total, same in money.grouped("order_amount").items():
                same.amount = total
        self._tell("hold_lifted", lambda hold: hold._describe_lifting())

    def _lift_dropped(self):
        """Lift holds whose type was taken out of the workflow, or of the company."""
        self.is_dropped = False
        self._lift(note=self.env._("It is not checked for this order any longer."))
        self.order_id._oms_release()

    def _refuse_archiving(self):
        """Refuse to put away what holds orders, and show which.

        :raise RedirectWarning: naming the orders, with the way to their holds
        """
        if not self:
            return
        names = [f"{hold.order_id.name} ({hold.display_name})" for hold in self[:10]]
        if len(self) > 10:
            names.append(self.env._("%s more", len(self) - 10))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_hold_action"
        )
        action.update(domain=[("id", "in", self.ids)], context={})
        raise RedirectWarning(
            self.env._(
                "Orders are still on hold by it: %s. Lift these holds first; then it"
                " can be archived.",
                format_list(self.env, names),
            ),
            action,
            self.env._("Show the Holds"),
        )

    def _decide(self, vals):
        self.write(
            {**vals, "lifted_at": fields.Datetime.now(), "lifted_by": self.env.uid}
        )
        self.type_id._end_notices(self)

    def _tell(self, kind, describe):
        """Say in journal and chatter what was decided, for all holds at once."""
        self._report(kind, describe)
        self._message_log_batch({hold.id: describe(hold) for hold in self})

    def _blocks(self, steps):
        """Whether an open hold stops any of the steps.

        :param steps: codes, see ``oms_hold_type.STEPS``
        """
        self.ensure_one()
        hold_type = self.type_id
        return any(
            hold_type[f"block_{step}"] or (self.stops_rest and step in GOODS_STEPS)
            for step in steps
        )

    def _is_order_changed(self):
        """Whether the hold lifted itself of an order that has been changed since."""
        self.ensure_one()
        return bool(self.lifted_as) and (
            self.lifted_as != self.order_id._oms_get_fingerprint()
        )

    def _covers(self, now):
        """Whether the decision on this hold still counts for the order as it is."""
        self.ensure_one()
        return (
            self.in_force
            and not (self.expiry and self.expiry <= now)
            and not (
                self.amount
                and self.currency_id.compare_amounts(
                    self.order_id.amount_total, self.amount
                )
                > 0
            )
        )

    def _get_ended_reason(self, now):
        """Why a hold placed by hand comes back: the last decision no longer counts.

        :return: words, or False while nothing was decided or a decision counts
        """
        decided = self.filtered("in_force").sorted("id")
        if not decided or any(hold._covers(now) for hold in decided):
            return False
        last = decided[-1]
        if last.expiry and last.expiry <= now:
            words = self.env._(
                "The override until %s is over.", last.order_id._oms_format(last.expiry)
            )
        else:
            words = self.env._(
                "The order's total is above the %s that were accepted.",
                formatLang(self.env, last.amount, currency_obj=last.currency_id),
            )
        return f"{words} {last.reason or ''}".strip()
