from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.groups import INTERNAL, READERS
from .oms_hold_type_start import AT_ONCE_MAX

#: What a change of a customer may solve: fields, and the checks that look at them.
_WATCHED = {
    "address": {
        "city",
        "country_id",
        "email",
        "parent_id",
        "phone",
        "state_id",
        "street",
        "zip",
    },
    "credit_limit": {"credit_limit", "use_partner_credit_limit"},
    "customer_stopped": {"oms_is_stopped", "oms_stop_reason", "parent_id"},
}
#: Who stops a customer, and lets him order again.
_STOPPERS = ("oms_order_cycle.group_oms_credit", "oms_order_cycle.group_oms_service")


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_is_stopped = fields.Boolean(
        string="Stop All Orders",
        tracking=True,
        copy=False,
        groups=INTERNAL,
        help="All orders of this customer are put on hold, those under way as far as"
        " they have not left, where their workflow checks it.",
    )
    oms_stop_reason = fields.Char(
        string="Reason of the Stop",
        tracking=True,
        copy=False,
        groups=INTERNAL,
        help="Shown on the holds of the orders.",
    )
    oms_can_stop = fields.Boolean(compute="_compute_oms_can_stop", groups=INTERNAL)
    oms_held_count = fields.Integer(
        string="On Hold", compute="_compute_oms_held_count", groups=READERS
    )

    @api.depends_context("uid")
    def _compute_oms_can_stop(self):
        self.oms_can_stop = self._oms_may_stop()

    @api.model
    def _oms_may_stop(self):
        return self.env.su or any(self.env.user.has_group(name) for name in _STOPPERS)

    def _compute_oms_held_count(self):
        """The orders that the button shows: a contact's are those of his company."""
        groups = self.env["oms.hold"]._read_group(
            [
                ("state", "=", "open"),
                (
                    "partner_id.commercial_partner_id",
                    "in",
                    self.commercial_partner_id.ids,
                ),
            ],
            ["partner_id"],
            ["order_id:count_distinct"],
        )
        counts = Counter()
        for customer, count in groups:
            counts[customer.sudo().commercial_partner_id.id] += count
        for partner in self:
            partner.oms_held_count = counts[partner.commercial_partner_id._origin.id]

    @api.model_create_multi
    def create(self, vals_list):
        self._oms_check_stopping(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._oms_check_stopping(vals)
        res = super().write(vals)
        checks = {
            check for check, names in _WATCHED.items() if not names.isdisjoint(vals)
        }
        if checks and self:
            self.env["sale.order"]._oms_request_hold_check(self, checks)
        if vals.get("oms_is_stopped"):
            self._oms_stop_orders()
        return res

    @api.model
    def _oms_check_stopping(self, *vals_list):
        """Refuse to stop customers, or let them go, without the right to.

        :raise AccessError: naming who may
        """
        names = {"oms_is_stopped", "oms_stop_reason"}
        if all(names.isdisjoint(vals) for vals in vals_list) or self._oms_may_stop():
            return
        if any(vals.get(name) for vals in vals_list for name in names) or self:
            raise AccessError(
                self.env._(
                    "Only Credit and Customer Service stop the orders of a customer, or"
                    " let them go on."
                )
            )

    def _oms_stop_orders(self):
        """Put what is under way on hold: now, or in the background where it is much."""
        if "customer_stopped" not in self.env["oms.hold.type"]._get_checks_in_use():
            return
        customers = self.sudo().commercial_partner_id
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_id.commercial_partner_id", "in", customers.ids),
                    ("state", "=", "sale"),
                    ("oms_cycle_state", "=", "open"),
                    ("oms_shipped_at", "=", False),
                ],
                limit=AT_ONCE_MAX + 1,
                order="id",
            )
        )
        orders[:AT_ONCE_MAX]._oms_recheck_holds_safely()
        if len(orders) > AT_ONCE_MAX:
            self.env["oms.hold"]._trigger_check()

    def action_oms_view_holds(self):
        """Open the holds of the customer's orders, those that count first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_hold_action"
        )
        action.update(
            domain=[
                ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)
            ],
            context={"search_default_open": 1},
        )
        return action
