"""Holds of orders: opened, closed, enforced.

Imported before ``sale_order.py``, which chooses the workflow when an order is
confirmed: the checks run after that, and before Odoo launches the procurement.
"""

import logging
from collections import defaultdict, namedtuple

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .oms_hold_type import STEPS

_logger = logging.getLogger(__name__)

#: Key of the requests in ``cr.precommit.data``: customers, their companies, checks.
_HOLD_CHECK = "oms_order_cycle.hold_check"

#: Value of the context key ``oms_holds_checked``; no client can send this object.
CHECKED = object()

#: What a customer owes when an order is looked at, in the company's currency: open
#: receivables, orders confirmed before it and not invoiced, and the order itself.
CreditPosition = namedtuple("CreditPosition", "receivable ahead own own_due")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Customers may read their orders by RPC; what holds them is not for them. Counts
    # are not computed before the order is created: the hold of an order that is
    # imported as confirmed is opened while it is.
    oms_hold_ids = fields.One2many(
        "oms.hold", "order_id", string="Holds", copy=False, groups="base.group_user"
    )
    oms_open_hold_count = fields.Integer(
        string="Open Holds",
        compute="_compute_oms_open_hold_count",
        store=True,
        copy=False,
        groups="base.group_user",
    )
    oms_has_limited_decision = fields.Boolean(
        string="Accepted Within Limits",
        compute="_compute_oms_open_hold_count",
        store=True,
        copy=False,
        groups="base.group_user",
        help="A hold was lifted or overridden up to an amount or until a date.",
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
        for name, sql_type, value in (
            ("oms_open_hold_count", "int4", "0"),
            ("oms_has_limited_decision", "bool", "FALSE"),
        ):
            if not column_exists(self.env.cr, self._table, name):
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE %s ADD COLUMN %s %s DEFAULT %s",
                        SQL.identifier(self._table),
                        SQL.identifier(name),
                        SQL(sql_type),
                        SQL(value),
                    )
                )
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT",
                        SQL.identifier(self._table),
                        SQL.identifier(name),
                    )
                )
        return super()._auto_init()

    # -- compute ----------------------------------------------------------------

    @api.depends("oms_hold_ids.state", "oms_hold_ids.in_force")
    def _compute_oms_open_hold_count(self):
        for order in self:
            holds = order.oms_hold_ids
            order.oms_open_hold_count = len(
                holds.filtered(lambda hold: hold.state == "open")
            )
            order.oms_has_limited_decision = any(
                hold.in_force and (hold.amount or hold.expiry) for hold in holds
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

    # -- CRUD -------------------------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if not self.env["oms.hold.type"]._get_watched_fields().isdisjoint(vals):
            self._oms_recheck_after_change()
        return res

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
        """Look again whether the causes of the orders' holds are there still."""
        self.check_access("read")
        self.sudo()._oms_recheck_holds()
        return True

    # -- Odoo's steps -----------------------------------------------------------

    def _action_confirm(self):
        if self:
            self._oms_run_hold_checks("confirm")
            # launching the procurement needs not check again
            self = self.with_context(oms_holds_checked=CHECKED)
        return super()._action_confirm()

    def _action_cancel(self):
        res = super()._action_cancel()
        self._oms_close_holds()
        return res

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
        holds.filtered("in_force").write({"in_force": False})

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
            holds = holds.filtered(
                lambda hold: any(hold.type_id[f"block_{step}"] for step in steps)
            )
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
        for order, holds in blocking.items():
            words.append(heading % order.sudo().name)
            words += [hold._describe_blocking() for hold in holds]
        return "\n".join(words)

    def _oms_summarize_holds(self):
        """Open holds in words, for documents that show them."""
        open_holds = self._oms_get_open_holds()
        if len(self) == 1:
            return ", ".join(
                hold.display_name for holds in open_holds.values() for hold in holds
            )
        return ", ".join(
            f"{order.sudo().name}: {', '.join(holds.mapped('display_name'))}"
            for order, holds in open_holds.items()
        )

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
        foreign = self.filtered(
            lambda order: (
                hold_type.sudo().company_id
                not in (order.company_id, self.env["res.company"])
            )
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

    # -- checks -----------------------------------------------------------------

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
        orders_by_type = orders._oms_get_checks_to_make(trigger, definitions, known)
        to_open = []
        to_lift = self.env["oms.hold"].sudo()
        now = fields.Datetime.now()
        for hold_type, (concerned, opening) in orders_by_type.items():
            reasons = hold_type._run_check(concerned)
            for order in concerned:
                reason = reasons.get(order)
                holds = known[order].filtered(lambda h, t=hold_type: h.type_id == t)
                current = holds.filtered(lambda hold: hold.state == "open")
                if hold_type.check == "manual":
                    reason = not current and holds._get_ended_reason(now)
                if current:
                    if not reason and hold_type._lifts_itself():
                        to_lift += current
                    elif reason and current.reason != reason:
                        current.reason = reason
                elif (
                    reason
                    and order in opening
                    and not any(hold._covers(now) for hold in holds)
                ):
                    holds.write({"in_force": False})
                    to_open.append(
                        {
                            "order_id": order.id,
                            "type_id": hold_type.id,
                            "reason": reason,
                        }
                    )
        self.env["oms.hold"]._open(to_open)
        to_lift._lift(automatic=True)
        freed = to_lift.order_id
        return self.browse((freed - self._oms_as_set(freed, "release")).ids)

    @api.model
    def _oms_as_set(self, orders, step):
        """The orders that are blocked for a step."""
        return orders.browse(order.id for order in orders._oms_blocking_holds(step))

    def _oms_get_known_holds(self):
        """Open holds, and decisions in force: ``{order: holds}``."""
        known = defaultdict(lambda: self.env["oms.hold"].sudo())
        holds = known.default_factory().search(
            [
                ("order_id", "in", self.ids),
                "|",
                ("state", "=", "open"),
                ("in_force", "=", True),
            ]
        )
        known.update(holds.grouped("order_id"))
        return known

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
                        d.company_id in (False, order.company_id.id)
                        and order._oms_is_check_due(trigger, d)
                    )
                )
                hold_type = hold_types.browse(definition.id)
                looked_at[hold_type] += concerned
                opening[hold_type] += concerned
        for order, holds in known.items():
            for hold in holds:
                looked_at[hold.type_id] |= order
                if hold.in_force and order._oms_is_ahead(hold.type_id):
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

        All checks until the goods are released; after that only those that are to
        be made again, until the goods have left.
        """
        self.ensure_one()
        if trigger == "confirm":
            return True
        if trigger == "ship":
            return definition.recheck
        if self.oms_cycle_state != "open":
            return False
        return not self.oms_released_at or (
            definition.recheck and not self.oms_shipped_at
        )

    def _oms_is_ahead(self, hold_type):
        """Whether any step that holds of the type block is still to come."""
        self.ensure_one()
        return (
            (hold_type.block_release and not self.oms_released_at)
            or (hold_type.block_pick and not self.oms_picked_at)
            or (hold_type.block_pack and not self.oms_packed_at)
            or (hold_type.block_ship and not self.oms_shipped_at)
            or (hold_type.block_invoice and not self.oms_invoiced_at)
        )

    def _oms_recheck_holds(self, trigger="change"):
        """Make the checks, and release the orders that nothing holds any longer."""
        freed = self._oms_run_hold_checks(trigger)
        if freed:
            freed.sudo()._oms_release()
        return freed

    def _oms_recheck_holds_safely(self):
        """The checks of the cron: one order that fails does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._oms_recheck_holds("cron")
        except Exception:
            if len(self) <= 1:
                _logger.exception("The holds of order %s cannot be checked", self.name)
                return
            for order in self:
                order._oms_recheck_holds_safely()

    def _oms_recheck_after_change(self):
        """An order was changed: what stopped it may be gone, or come up.

        Costs no query while no order has a hold, a decision or checks to make.
        """
        if self.env.context.get("oms_holds_checked") is CHECKED:
            return
        definitions = self.env["oms.hold.type"]._get_definitions()
        self.sudo().filtered(
            lambda order: (
                order.state == "sale"
                and (
                    order.oms_open_hold_count
                    or order.oms_has_limited_decision
                    or order.oms_workflow_id.id in definitions
                )
            )
        )._oms_recheck_holds()

    def _oms_run_checks_before_launch(self):
        """Lines are about to be procured: an order that grew may have to stop.

        :return: orders to release once the lines are launched
        """
        if self.env.context.get("oms_holds_checked") is CHECKED:
            return self.browse()
        return self._oms_run_hold_checks("change")

    def _oms_recheck_at_shipping(self):
        """Make the checks that are made again at shipping; end what was accepted.

        The error that follows undoes the holds just opened with the rest of the
        transaction.  They are opened again right after, so that those who may lift
        them see them.
        """
        definitions = self.env["oms.hold.type"]._get_definitions()
        orders = self.sudo().filtered(
            lambda order: (
                order.oms_has_limited_decision
                or any(
                    definition.recheck
                    for definition in definitions.get(order.oms_workflow_id.id, ())
                )
            )
        )
        if not orders:
            return
        before = self.env["oms.hold"].union(*orders._oms_get_open_holds().values())
        orders._oms_recheck_holds("ship")
        after = self.env["oms.hold"].union(*orders._oms_get_open_holds().values())
        found = (after - before).order_id
        if found:
            found._oms_keep_holds_after_rollback()

    def _oms_keep_holds_after_rollback(self):
        """Open, once the transaction is undone, the holds that made it fail."""
        registry, ids = self.env.registry, self.ids

        def open_again():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["sale.order"].browse(ids).exists()._oms_run_hold_checks("ship")
            except Exception:
                # the cron finds them, too
                _logger.exception("Holds found at shipping could not be kept")

        if not modules.module.current_test:
            self.env.cr.postrollback.add(open_again)

    @api.model
    def _oms_request_hold_check(self, partners, checks):
        """Let the cron look at held orders of customers soon: their case changed.

        :param partners: customers whose documents or data changed
        :param checks: checks of ``oms.hold.type`` that may come out otherwise now
        """
        checks = self.env["oms.hold.type"]._get_checks_in_use().intersection(checks)
        if not checks or not partners:
            return
        # Paying many invoices asks for each of them: look once, at the end.
        data = self.env.cr.precommit.data
        if _HOLD_CHECK not in data:
            data[_HOLD_CHECK] = (set(), set(), set())
            self.env.cr.precommit.add(self.sudo()._oms_trigger_hold_check)
        partner_ids, commercial_ids, requested = data[_HOLD_CHECK]
        partner_ids.update(partners.ids)
        commercial_ids.update(partners.sudo().commercial_partner_id.ids)
        requested.update(checks)

    @api.model
    def _oms_trigger_hold_check(self):
        partner_ids, commercial_ids, checks = self.env.cr.precommit.data[_HOLD_CHECK]
        held = self.env["oms.hold"].search_count(
            Domain("state", "=", "open")
            & Domain("type_id.check", "in", list(checks))
            & (
                Domain(
                    "order_id.partner_invoice_id.commercial_partner_id",
                    "in",
                    list(commercial_ids),
                )
                | Domain("order_id.partner_shipping_id", "in", list(partner_ids))
            ),
            limit=1,
        )
        if held:
            self.env.ref("oms_order_cycle.ir_cron_check_holds")._trigger()

    # -- money ------------------------------------------------------------------

    def _oms_get_credit_positions(self):
        """What the customers of the orders owe, in the company's currency.

        The commercial partner of the invoice address owes: open receivables (less
        what was paid and is not matched yet), and confirmed orders as far as they
        are not invoiced.  Orders are served first come, first served: later ones do
        not count against earlier ones, so that what was let pass stays let pass.

        :return: ``{order: CreditPosition}``
        """
        positions = {}
        for company, orders in self.sudo().grouped("company_id").items():
            positions.update(orders._oms_get_company_positions(company))
        return positions

    def _oms_get_company_positions(self, company):
        partners = self.partner_invoice_id.commercial_partner_id.with_company(company)
        # the field has no dependencies: forget what was read before a payment
        partners.invalidate_recordset(["credit"], flush=False)
        queues = self._oms_get_uninvoiced(company, partners)
        own_due = self._oms_get_own_receivables(company)
        positions = {}
        for order in self:
            partner = order.partner_invoice_id.commercial_partner_id
            own, ahead = 0.0, 0.0
            key = (order.date_order, order.id)
            for other_key, amount in queues[partner.id]:
                if other_key[1] == order.id:
                    own = amount
                elif other_key < key:
                    ahead += amount
            positions[order] = CreditPosition(
                partner.with_company(company).credit, ahead, own, own_due[order]
            )
        return positions

    @api.model
    def _oms_get_uninvoiced(self, company, partners):
        """What confirmed orders of customers still have to be invoiced, with taxes.

        :return: ``{partner id: [((date, order id), amount)]}`` in the company's
            currency
        """
        self.flush_model(
            ["company_id", "currency_id", "date_order", "partner_invoice_id", "state"]
        )
        self.env["sale.order.line"].flush_model(["price_total"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self._oms_flush_documents()
        # orders that are invoiced for good need not be looked at again
        orders = self.env.execute_query(
            SQL(
                """
                SELECT o.id, o.date_order, o.currency_id, p.commercial_partner_id
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_invoice_id
                  JOIN res_company c ON c.id = o.company_id
                 WHERE o.state = 'sale'
                   AND o.oms_invoiced_at IS NULL
                   AND p.commercial_partner_id IN %(partners)s
                   AND split_part(c.parent_path, '/', 1)::int = %(root)s
                """,
                partners=tuple(partners.ids) or (0,),
                root=company.sudo().root_id.id,
            )
        )
        amounts = self._oms_get_uninvoiced_amounts([row[0] for row in orders])
        today = fields.Date.context_today(self)
        currencies = self.env["res.currency"]
        queues = defaultdict(list)
        for order_id, date_order, currency_id, partner_id in orders:
            converted = currencies.browse(currency_id)._convert(
                amounts.get(order_id, 0.0), company.currency_id, company, today
            )
            queues[partner_id].append(((date_order, order_id), converted))
        return queues

    @api.model
    def _oms_get_uninvoiced_amounts(self, order_ids):
        """``{order id: what is still to be invoiced}``, in the order's currency.

        What is wanted of each line and not on a posted invoice, at the line's price;
        down payments that are invoiced and not deducted yet are taken off.
        """
        if not order_ids:
            return {}
        ids = tuple(order_ids)
        rows = self.env.execute_query(
            SQL(
                """
                %(progress)s,
                amounts AS (
                    SELECT g.order_id, (g.to_invoice - g.invoiced)
                               * l.price_total / NULLIF(l.product_uom_qty, 0) AS amount
                      FROM progress g
                      JOIN sale_order_line l ON l.id = g.line_id
                 UNION ALL
                    SELECT l.order_id, -aml.price_total * CASE
                               WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END
                      FROM sale_order_line l
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
                      JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                      JOIN account_move inv ON inv.id = aml.move_id
                     WHERE l.order_id IN %(ids)s
                       AND l.is_downpayment
                       AND inv.state = 'posted'
                       AND inv.move_type IN ('out_invoice', 'out_refund')
                )
                SELECT order_id, GREATEST(SUM(amount), 0)::float8
                  FROM amounts
                 GROUP BY order_id
                """,
                progress=self._oms_facts_query(
                    SQL("l.order_id IN %s", ids)
                ).progress_ctes(),
                ids=ids,
            )
        )
        return {order_id: amount or 0.0 for order_id, amount in rows}

    def _oms_get_own_receivables(self, company):
        """What is still open on posted invoices of each order, down payments too."""
        due = dict.fromkeys(self, 0.0)
        for order in self:
            for invoice in order.invoice_ids:
                if invoice.state == "posted":
                    due[order] += invoice.amount_residual_signed * order._oms_get_share(
                        invoice
                    )
        return due

    def _oms_get_share(self, invoice):
        """The order's part in an invoice that may cover several orders."""
        orders = invoice.line_ids.sale_line_ids.order_id
        if len(orders) <= 1 or not invoice.amount_total:
            return 1.0
        own = invoice.invoice_line_ids.filtered(
            lambda line: self in line.sale_line_ids.order_id
        )
        return sum(own.mapped("price_total")) / invoice.amount_total

    def _oms_get_prepaid(self):
        """What has been paid on each order, in the order's currency.

        Paid invoices of the order (credit notes subtracted), and money that came in
        and is on no invoice yet: online payments of the order, or what the customer
        has paid in advance beyond earlier orders.

        :return: ``{order: amount}``
        """
        today = fields.Date.context_today(self)
        prepaid = {}
        for order, position in self._oms_get_credit_positions().items():
            company = order.company_id
            invoiced = 0.0
            for invoice in order.invoice_ids.filtered(lambda m: m.state == "posted"):
                if invoice.payment_state in ("paid", "in_payment"):
                    paid = invoice.amount_total_signed
                else:
                    paid = invoice.amount_total_signed - invoice.amount_residual_signed
                invoiced += paid * order._oms_get_share(invoice)
            online = sum(
                transaction.currency_id._convert(
                    transaction.amount, company.currency_id, company, today
                )
                for transaction in order.transaction_ids
                if transaction.state in ("authorized", "done")
                and not transaction.payment_id.is_reconciled
            )
            surplus = position.own_due - position.receivable - position.ahead
            prepaid[order] = company.currency_id._convert(
                invoiced + max(online, surplus, 0.0),
                order.currency_id,
                company,
                today,
            )
        return {order: prepaid[order.sudo()] for order in self}
