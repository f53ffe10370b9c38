"""The dates of an order: what it asks for, what is promised, and what follows of it."""

from datetime import timedelta

from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL

from ..atp import WorkTime, commitment
from ..tools.plan import Plan
from ..tools.words import say_day

#: Value of a context key; no client can send this object.
OURS = object()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_requested_day = fields.Date(
        string="Wanted On",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="The local day that the customer asked for when the order was confirmed,"
        " or later.",
    )
    oms_kept_until = fields.Datetime(
        string="Goods Kept Until",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="Until then nobody else is promised the goods of this quotation (UTC).",
    )
    oms_promise_date = fields.Date(
        string="All Arrives On",
        compute="_compute_oms_promise_date",
        compute_sudo=True,
        groups=INTERNAL,
        help="The latest day of the lines; empty if some of the goods have no date."
        " On a quotation: if it were confirmed now.",
    )
    oms_promise_why = fields.Html(
        string="Why This Date",
        sanitize=False,
        compute="_compute_oms_promise_why",
        compute_sudo=True,
        groups=INTERNAL,
    )
    oms_has_dates = fields.Boolean(
        compute="_compute_oms_promise_date", compute_sudo=True, groups=INTERNAL
    )

    @api.depends("order_line.oms_promise_date")
    def _compute_oms_promise_date(self):
        for order in self:
            lines = order.order_line._oms_filter_datable()
            days = lines.mapped("oms_promise_date")
            order.oms_has_dates = bool(days)
            order.oms_promise_date = max(days) if days and all(days) else False

    @api.model
    def _oms_get_guarded_fields(self):
        return super()._oms_get_guarded_fields() | {
            "oms_kept_until",
            "oms_requested_day",
        }

    # -- days and zones ---------------------------------------------------------------

    def _oms_get_ship_to_tz(self):
        """Name of the time zone of the delivery address, or of the warehouse."""
        self.ensure_one()
        partner = self.partner_shipping_id.sudo()
        return (
            partner._oms_get_receiving_calendar().tz
            or partner.tz
            or partner.commercial_partner_id.tz
            or self.warehouse_id._oms_get_tz()
        )

    def _oms_get_day_end(self, day):
        """The end of a day at the delivery address, as the Delivery Date has it.

        :return: naive UTC
        """
        return commitment(day, self._oms_get_ship_to_tz())

    def _oms_get_local_day(self, moment):
        """The day at the delivery address.

        :param moment: naive UTC
        """
        zone = WorkTime(self._oms_get_ship_to_tz())
        return zone.local(UTC.localize(moment)).date()

    def _oms_get_requested_day(self):
        """The day that the customer wants the goods on, or None."""
        self.ensure_one()
        if self.state == "sale":
            return self.oms_requested_day or None
        wanted = self.commitment_date
        return self._oms_get_local_day(wanted) if wanted else None

    # -- confirming and changing ------------------------------------------------------

    def _oms_before_confirm(self):
        orders = self.sudo().filtered(
            lambda order: order.order_line._oms_filter_datable()
        )
        for order in orders:
            wanted = order.commitment_date
            day = order._oms_get_local_day(wanted) if wanted else False
            if order.oms_requested_day != day:
                order.oms_requested_day = day
        # what was kept for the quotation is promised now, or not
        orders._oms_let_go()
        return super()._oms_before_confirm()

    def _oms_let_go(self):
        """Nothing is planned for orders, or kept for them, any more."""
        planned = self.order_line.filtered("oms_plan")
        planned._oms_keep_plans(dict.fromkeys(planned))
        self.filtered("oms_kept_until").oms_kept_until = False

    def _oms_after_cancel(self):
        self.sudo()._oms_let_go()
        return super()._oms_after_cancel()

    def _oms_after_write(self, vals):
        if "commitment_date" in vals and self.env.context.get("oms_dates") is not OURS:
            self.sudo()._oms_want_another_day()
        if vals.get("state") == "sent":
            self.sudo()._oms_keep_for_quotation()
        return super()._oms_after_write(vals)

    def _oms_want_another_day(self):
        """Somebody wrote another day on orders that are confirmed: they get it, or the
        first one after it that can be kept."""
        orders = self.filtered(
            lambda order: (
                order.state == "sale"
                and order.order_line.filtered("oms_plan")._oms_filter_datable()
            )
        )
        for order in orders:
            wanted = order.commitment_date
            order.oms_requested_day = wanted and order._oms_get_local_day(wanted)
        lines = orders.order_line.filtered("oms_plan")._oms_filter_datable()
        lines._oms_lock_goods()
        lines._oms_promise_anew()

    def action_oms_promise_anew(self):
        """Promise the first dates that can be kept now, be they sooner or later.

        :raise UserError: if there is nothing to promise
        """
        self.check_access("write")
        lines = self.sudo().order_line._oms_filter_datable()
        lines = lines.filtered(
            lambda line: line.state == "sale" and line._oms_get_open_quantity() > 0
        )
        if not lines:
            raise UserError(
                self.env._(
                    "There is nothing to promise: no goods of a warehouse with working"
                    " hours are still to be delivered."
                )
            )
        lines._oms_lock_goods()
        lines._oms_promise_anew()
        lines.order_id._oms_note_promises(cause="asked")
        return True

    def _oms_follow_promises(self, plans):
        """Write what was promised on orders and transfers, if the company says so.

        :param dict plans: Plan by line, of some of the lines
        """
        orders = self.filtered("company_id.oms_promise_sets_dates")
        for order in orders:
            day = order.oms_promise_date
            moment = day and order._oms_get_day_end(day)
            if moment and moment != order.commitment_date:
                order.with_context(oms_dates=OURS).commitment_date = moment
        lines = orders.order_line
        # the order's date was written on all of them
        lines._oms_set_deadlines(
            {line: Plan.load(line.oms_plan) for line in lines if line.oms_plan}
        )

    # -- quotations -------------------------------------------------------------------

    def _oms_keep_for_quotation(self):
        """Keep the goods of quotations that were sent, where their channel says so."""
        orders = self.filtered(lambda order: order.oms_channel_id.oms_keep_hours)
        now = fields.Datetime.now()
        for order in orders:
            hours = order.oms_channel_id.oms_keep_hours
            order.oms_kept_until = now + timedelta(hours=hours)
        orders._oms_plan_kept()

    def _oms_plan_kept(self):
        """Plan what is kept for quotations anew."""
        lines = self.order_line._oms_filter_datable()
        gone = (self.order_line - lines).filtered("oms_plan")
        lines._oms_keep_plans(dict.fromkeys(gone))
        if lines:
            lines._oms_lock_goods()
            lines._oms_keep_plans(lines._oms_preview_plans())

    def action_oms_let_go(self):
        """Keep the goods of quotations no longer."""
        self.check_access("write")
        self.sudo().filtered(
            lambda order: order.state in ("draft", "sent")
        )._oms_let_go()
        return True

    # -- what is shown ----------------------------------------------------------------

    def _oms_get_outlook(self):
        outlook = super()._oms_get_outlook()
        if self.oms_has_dates:
            outlook["promised"] = (
                say_day(self.env, self.oms_promise_date)
                if self.oms_promise_date
                else self.env._("no date for some of the goods")
            )
            outlook["is_plain"] = False
        return outlook
