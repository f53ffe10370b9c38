"""Holds of orders: opened, closed, enforced."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.columns import create_columns
from ...tools.groups import READERS
from .oms_hold_type import STEPS
from .sale_order_recheck import CHECKED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Customers may read their orders by RPC; what holds them is not for them. Counts
    # are not computed before the order is created: the hold of an order that is
    # imported as confirmed is opened while it is.
    oms_hold_ids = fields.One2many(
        "oms.hold", "order_id", string="Holds", copy=False, groups=READERS
    )
    oms_open_hold_count = fields.Integer(
        string="Open Holds",
        compute="_compute_oms_open_hold_count",
        store=True,
        copy=False,
        groups="base.group_user",
    )
    oms_has_limited_decision = fields.Boolean(
        string="Accepted up to a Limit",
        compute="_compute_oms_open_hold_count",
        store=True,
        copy=False,
        groups="base.group_user",
        help="A hold was lifted or overridden up to an amount or until a date, or"
        " lifted itself of the order as it was.",
    )
    oms_is_held = fields.Boolean(
        string="Held",
        compute="_compute_oms_is_held",
        search="_search_oms_is_held",
        groups="base.group_user",
    )

    _oms_held_idx = models.Index("(id) WHERE oms_open_hold_count > 0")

    def _auto_init(self):
        # no order has a hold yet: a default fills the columns without a rewrite
        filled = {"oms_open_hold_count": 0, "oms_has_limited_decision": False}
        create_columns(
            self.env.cr,
            self._table,
            {name: self._fields[name] for name in filled},
            filled,
        )
        return super()._auto_init()

    # -- compute ----------------------------------------------------------------

    @api.depends("oms_hold_ids.state", "oms_hold_ids.in_force")
    @api.depends("oms_hold_ids.lifted_as")
    def _compute_oms_open_hold_count(self):
        for order in self:
            holds = order.oms_hold_ids
            order.oms_open_hold_count = len(
                holds.filtered(lambda hold: hold.state == "open")
            )
            order.oms_has_limited_decision = any(
                hold.lifted_as or (hold.in_force and (hold.amount or hold.expiry))
                for hold in holds.sudo()
            )

    @api.depends("oms_open_hold_count")
    def _compute_oms_is_held(self):
        for order in self:
            order.oms_is_held = order.oms_open_hold_count > 0

    @api.model
    def _search_oms_is_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("oms_open_hold_count", ">", 0)
        return domain if True in value else ~domain

    @api.model
    def _oms_get_guarded_fields(self):
        return super()._oms_get_guarded_fields() | {
            "oms_open_hold_count",
            "oms_has_limited_decision",
        }

    @api.model
    def _oms_get_triggers(self):
        # a hold that waits for the customer stops the clock of the stage
        return [*super()._oms_get_triggers(), "oms_hold_ids.state"]

    def _oms_after_write(self, vals):
        watched = self.env["oms.hold.type"]._get_watched_fields()
        # first come, first served: an earlier date would let an order go ahead
        is_redated = "date_order" in vals and "state" not in vals
        if is_redated or not watched.isdisjoint(vals):
            self._oms_recheck_after_change()
        return super()._oms_after_write(vals)

    # -- actions ----------------------------------------------------------------

    def action_oms_hold(self):
        """Ask for the hold to place on the orders, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on Hold"),
            "res_model": "oms.hold.place",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_oms_recheck_holds(self):
        """Look again whether the causes of the orders' holds are there still; orders
        that nothing holds any longer are released."""
        self.check_access("write")
        self.sudo()._oms_recheck_holds()
        return True

    # -- Odoo's steps -----------------------------------------------------------

    def _oms_before_confirm(self):
        orders = super()._oms_before_confirm()
        orders._oms_run_hold_checks("confirm")
        orders._oms_hold_for_client_ref()
        orders._oms_note_prepayments()
        # launching the procurement needs not check again
        return orders.with_context(oms_holds_checked=CHECKED)

    def _oms_before_release(self):
        orders = super()._oms_before_release()
        orders._oms_run_hold_checks("release")
        orders._oms_note_prepayments()
        return orders.with_context(oms_holds_checked=CHECKED)

    def _oms_after_cancel(self):
        self._oms_close_holds()
        self._oms_withdraw_prepayments()
        return super()._oms_after_cancel()

    def _oms_get_withheld(self):
        held = {
            order: ", ".join(holds.mapped("display_name"))
            for order, holds in self._oms_blocking_holds("release").items()
        }
        # the stage of a held order need not be read
        others = self.filtered(lambda order: order not in held)
        return {**super(SaleOrder, others)._oms_get_withheld(), **held}

    def _oms_check_released(self):
        self._oms_check_blocked("release")
        return super()._oms_check_released()

    def _oms_close_holds(self):
        """A cancelled order is held by nothing, and nothing was decided about it."""
        touched = self.sudo().filtered(
            lambda order: order.oms_open_hold_count or order.oms_has_limited_decision
        )
        if not touched:
            return
        holds = touched.oms_hold_ids
        held = holds.filtered(lambda hold: hold.state == "open")
        held._lift(note=self.env._("The order was cancelled."))
        held.write({"is_closed_by_cancel": True})
        holds.filtered(lambda hold: hold.in_force or hold.lifted_as).write(
            {"in_force": False, "lifted_as": False}
        )

    def action_draft(self):
        res = super().action_draft()
        self._oms_reopen_manual_holds()
        return res

    def _oms_reopen_manual_holds(self):
        """Cancelling must not be a way round a hold that somebody placed."""
        closed = (
            self.env["oms.hold"]
            .sudo()
            .search([("order_id", "in", self.ids), ("is_closed_by_cancel", "=", True)])
        )
        closed.write({"is_closed_by_cancel": False})
        self.env["oms.hold"]._open(
            [
                {
                    "order_id": hold.order_id.id,
                    "type_id": hold.type_id.id,
                    "reason": hold.reason,
                }
                for hold in closed.filtered(lambda h: h.type_id.check == "manual")
            ]
        )

    def _create_invoices(self, grouped=False, final=False, date=None):
        held = self._oms_blocking_holds("invoice")
        if held:
            billed = self.filtered(
                lambda order: order in held and not order._oms_is_to_refund(final)
            )
            billed._oms_check_blocked("invoice")
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _oms_is_to_refund(self, final):
        """Whether invoicing the order now would give a credit note."""
        self.ensure_one()
        return (
            sum(
                line.price_unit * line.qty_to_invoice
                for line in self._get_invoiceable_lines(final)
            )
            < 0
        )

    # -- what stops an order ----------------------------------------------------

    def _oms_get_open_holds(self):
        """``{order: open holds}`` (sudo) of the orders that have any.

        Orders without holds cost no query: the stored count tells.
        """
        held = self.sudo().filtered("oms_open_hold_count")
        if not held:
            return {}
        holds = (
            self.env["oms.hold"]
            .sudo()
            .search([("order_id", "in", held.ids), ("state", "=", "open")])
        )
        return {
            self.browse(order.id): order_holds
            for order, order_holds in holds.grouped("order_id").items()
        }

    def _oms_blocking_holds(self, *steps):
        """Open holds that block any of the steps.

        :param steps: of ``release``, ``pick``, ``pack``, ``ship``, ``invoice``
        :return: ``{order: holds}`` (sudo), only orders that are blocked
        """
        blocking = {}
        for order, holds in self._oms_get_open_holds().items():
            holds = holds.filtered(lambda hold: hold._blocks(steps))
            if holds:
                blocking[order] = holds
        return blocking

    def _oms_check_blocked(self, *steps, document=None):
        """Refuse to go on with orders that are held for a step.

        :param steps: see :meth:`_oms_blocking_holds`
        :param document: what was to be done, named in the error
        :raise UserError: naming the orders, the holds and who may lift them
        """
        blocking = self._oms_blocking_holds(*steps)
        if blocking:
            raise UserError(self._oms_describe_blocking(blocking, steps, document))

    def _oms_check_kept(self, *steps):
        """Refuse to take documents away from orders that are held for a step.

        :param steps: see :meth:`_oms_blocking_holds`
        :raise UserError: naming the orders, the holds and who may lift them
        """
        blocking = self._oms_blocking_holds(*steps)
        if blocking:
            raise UserError(self._oms_describe_kept(blocking))

    @api.model
    def _oms_describe_kept(self, blocking):
        return self._oms_list_blocking(
            blocking,
            self.env._(
                "%s is on hold: until that ends, its transfers, lines and draft"
                " invoices stay with it and go where they were to go."
            ),
        )

    @api.model
    def _oms_list_blocking(self, blocking, heading, words=()):
        """Each order under the heading, then the holds that stop it."""
        words = list(words)
        for order, holds in blocking.items():
            words.append(heading % order.sudo().name)
            words += [hold._describe_blocking() for hold in holds]
        return "\n".join(words)

    @api.model
    def _oms_describe_blocking(self, blocking, steps, document=None):
        headings = {
            "release": self.env._(
                "%s is on hold and cannot be released to the warehouse:"
            ),
            "pick": self.env._("%s is on hold and cannot be picked:"),
            "pack": self.env._("%s is on hold and cannot be packed:"),
            "ship": self.env._("%s is on hold and cannot be shipped:"),
            "invoice": self.env._("%s is on hold and cannot be invoiced:"),
        }
        # a transfer may take several steps at once: name the last
        heading = headings[max(steps, key=STEPS.index)]
        words = []
        if document:
            words.append(self.env._("%s cannot go on.", document.display_name))
        return self._oms_list_blocking(blocking, heading, words)

    def _oms_get_goods_lines(self):
        """Lines of goods to deliver: no services, fees, down payments, sections."""
        return self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line.is_delivery
                and line.product_id.type in ("consu", "combo")
                and line.product_uom_qty > 0
            )
        )

    # -- placing by hand --------------------------------------------------------

    def _oms_place_hold(self, hold_type, reason):
        """Put orders on a hold by hand; those that are on it already stay so.

        :param hold_type: one ``oms.hold.type``
        :param str reason: why
        :return: the new holds (sudo)
        """
        if hold_type.check != "manual":
            raise UserError(
                self.env._(
                    "%s is checked automatically and cannot be placed by hand.",
                    hold_type.display_name,
                )
            )
        company = hold_type.sudo().company_id
        foreign = self.filtered(
            lambda order: company and company not in order.sudo().company_id.parent_ids
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(order)s belongs to another company than the hold %(hold)s.",
                    order=foreign[0].name,
                    hold=hold_type.display_name,
                )
            )
        closed = self.filtered(lambda order: order.state == "cancel")
        if closed:
            raise UserError(
                self.env._("%s is cancelled and cannot be put on hold.", closed[0].name)
            )
        already = self.env["sale.order"].union(
            *(
                order
                for order, holds in self._oms_get_open_holds().items()
                if hold_type.id in holds.type_id.ids
            )
        )
        return self.env["oms.hold"]._open(
            [
                {"order_id": order.id, "type_id": hold_type.id, "reason": reason}
                for order in self - already
            ]
        )
