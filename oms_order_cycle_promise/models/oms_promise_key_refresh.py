"""Whether what was promised can still be kept, and what is said where it cannot."""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..atp.levels import TINY
from ..tools.plan import Plan
from ..tools.planner import Planner

#: Pairs of product and warehouse that are looked at in one transaction.
CHUNK = 2000
CRON = "oms_order_cycle_promise.ir_cron_refresh_changed"


class Standing(NamedTuple):
    """A promise that stands, as far as it is still to be kept.

    :param line: ``sale.order.line``
    :param plan: its Plan
    :param want: Demand, of what is to leave
    """

    line: object
    plan: Plan
    want: object


class OmsPromiseKey(models.Model):
    _inherit = "oms.promise.key"

    changed = fields.Selection(
        [("receipt", "Receipt Late or Cancelled"), ("stock", "Less in Stock")],
        help="What was promised is to be looked at again, for this reason.",
    )

    _changed_idx = models.Index("(id) WHERE changed IS NOT NULL")

    @api.model
    @api.private
    def _note_less(self, pairs, cause):
        """There is less of goods, or later: have their promises looked at soon.

        Also who promises them at this moment learns of it.

        :param pairs: ``(product id, warehouse id)``
        :param cause: ``receipt`` or ``stock``
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return
        products, warehouses = (list(ids) for ids in zip(*pairs, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE oms_promise_key
                   SET version = version + 1, changed = %(cause)s
                 WHERE id IN (
                       SELECT key.id
                         FROM oms_promise_key key
                         JOIN unnest(%(products)s, %(warehouses)s)
                           AS pair (product_id, warehouse_id)
                        USING (product_id, warehouse_id)
                     ORDER BY key.product_id, key.warehouse_id
                          FOR UPDATE OF key)
                """,
                cause=cause,
                products=products,
                warehouses=warehouses,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["version", "changed"], flush=False)
            self.env.ref(CRON)._trigger()

    # -- jobs -------------------------------------------------------------------------

    @api.model
    def _cron_refresh_changed(self):
        """Look at the promises of goods of which there is less than there was."""
        progress = self.env["ir.cron"]._commit_progress
        remaining = self.search_count([("changed", "!=", False)])
        progress(remaining=remaining)
        while keys := self.search([("changed", "!=", False)], limit=CHUNK):
            keys._refresh()
            if not progress(len(keys)):
                break

    @api.model
    def _cron_refresh(self):
        """Look at all promises that are still to be kept, and at what has no date."""
        promising = self.env["stock.warehouse"]._oms_get_promising()
        keys = self.search([("warehouse_id", "in", list(promising))], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(keys))
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK].exists()
            chunk._refresh()
            if not progress(len(chunk)):
                break

    # -- refresh ----------------------------------------------------------------------

    def _refresh(self):
        """Keep what can be kept of the promises of goods; move the others, the youngest
        first, and say why.

        A date never moves to a better one: who was told one plans with it.

        :return: the lines whose dates moved
        """
        self._lock((key.product_id.id, key.warehouse_id.id) for key in self)
        causes = {
            (key.product_id.id, key.warehouse_id.id): key.changed
            for key in self
            if key.changed
        }
        self.filtered("changed").write({"changed": False})
        keys = self.filtered("warehouse_id.oms_calendar_id")
        plans, moved = keys._find_moved(causes)
        lines = self.env["sale.order.line"].sudo().union(*plans)
        lines._oms_keep_plans(plans)
        orders_by_cause = defaultdict(self.env["sale.order"].sudo().browse)
        for line, cause in moved.items():
            orders_by_cause[cause] |= line.order_id
        for cause, orders in orders_by_cause.items():
            orders._oms_note_promises(cause=cause)
        lines.order_id._oms_follow_promises(plans)
        return lines.browse(line.id for line in moved)

    def _find_moved(self, causes):
        """What changes of the plans for the goods of these keys.

        :param dict causes: why goods are looked at, by pair
        :return: ``{line: Plan}`` of all that change, ``{line: cause}`` of those whose
            arrival moves
        """
        planner = Planner(self.env)
        pairs = [(key.product_id.id, key.warehouse_id.id) for key in self]
        standing, levels, late = self._read_standing(planner, pairs)
        changes, moved = defaultdict(list), {}
        for pair, promises in standing.items():
            warehouse = self.env["stock.warehouse"].browse(pair[1])
            for promise in promises:
                line, quantity = promise.line, promise.want.quantity
                if self._keep(promise, levels[pair]):
                    continue
                plan = planner.plan_line(line, levels, quantity, warehouse)
                changes[line].append((promise, plan))
                moved[line] = causes.get(pair) or self._get_cause(
                    promise, levels[pair], late[pair]
                )
        return self._compare(changes, moved)

    def _read_standing(self, planner, pairs):
        """Promises that are still to be kept, those first that are kept first: what is
        reserved, then what has a date, then who ordered first.

        :param pairs: those of the keys
        :return: ``{pair: list of Standing}``, ``{pair: Levels}`` without them, ``{pair:
            whether a receipt is late}``
        """
        supply, now = self.env["oms.supply"], planner.now
        products, warehouses = self.product_id, self.warehouse_id
        stock = supply._read_stock(products, warehouses)
        receipts, demand = supply._read_flows(products, warehouses, None, now)
        plans = supply._read_plans(demand)
        lines = self.env["sale.order.line"].sudo().browse(plans)
        # read at once for all
        lines.order_id.fetch(["date_order", "state"])
        confirmed = {line.id: line for line in lines if line.state == "sale"}
        standing = {}
        for pair in pairs:
            same, others = [], []
            for want in demand[pair]:
                line = confirmed.get(want.line_id)
                if line and plans[line.id].product_id == pair[0]:
                    same.append(Standing(line, plans[line.id], want))
                else:
                    others.append(want)
            demand[pair] = others
            standing[pair] = sorted(same, key=_get_seniority)
        levels = {
            (product.id, warehouse.id): level
            for warehouse in warehouses
            for product, level in supply._make_levels(
                products, warehouse, stock, receipts, demand, plans, now
            )
        }
        late = {
            pair: any(receipt.is_late for receipt in receipts[pair]) for pair in pairs
        }
        return standing, levels, late

    @api.model
    def _keep(self, promise, level):
        """Whether what is still to leave of a plan can be kept; it is taken then."""
        plan = promise.plan
        if plan.missing or not plan.parts:
            return False
        departures = plan.get_departures(promise.want.quantity)
        taken = []
        for day, quantity in departures:
            if day < level.today or level.available(day) < quantity - TINY:
                for done in taken:
                    level.add(*done)
                return False
            level.take(day, quantity)
            taken.append((day, quantity))
        return True

    @api.model
    def _get_cause(self, promise, level, is_late):
        """Why a promise cannot be kept, where nobody said so."""
        departures = promise.plan.get_departures(promise.want.quantity)
        if any(day < level.today for day, _quantity in departures):
            order = promise.line.order_id
            held = order._oms_blocking_holds("release", "pick", "pack", "ship")
            return "hold" if held.get(order) else "not_shipped"
        return "receipt" if is_late or level.days[1:] else "stock"

    @api.model
    def _compare(self, changes, moved):
        """Put plans together again; what arrives no later has not moved.

        :param dict changes: list of (Standing, Plan of it now) by line
        :param dict moved: cause by line
        """
        plans = {}
        for line, same in changes.items():
            before = same[0][0].plan
            quantity = sum(promise.want.quantity for promise, _plan in same)
            now = before.replan(quantity, [plan for _promise, plan in same])
            if before.arrive and now.arrive and now.arrive <= before.arrive:
                # it leaves on another day, and arrives on the day that was promised
                now = now.arriving(before.arrive)
            if now.arrive == before.arrive:
                del moved[line]
            if now != before:
                plans[line] = now
        return plans, moved


def _get_seniority(promise):
    order = promise.line.order_id
    plan = promise.plan
    return (
        promise.want.reserved < promise.want.quantity - TINY,
        plan.arrive is None,
        order.date_order,
        order.id,
        promise.line.id,
    )
