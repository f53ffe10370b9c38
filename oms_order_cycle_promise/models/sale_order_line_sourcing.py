"""Lines are procured from the warehouses that were chosen for them."""

from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.oms_order_cycle.tools.groups import READERS

from ..sourcing import Holding, lower
from .oms_sourcing_line import PERSON


class _Sourced(dict):
    """``{line id: {warehouse id: quantity}}`` in the context: no client can send it."""


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_sourcing_ids = fields.One2many(
        "oms.sourcing.line", "line_id", string="Sources", groups=READERS
    )
    oms_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Main Source",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="The warehouse that most of the line comes from, where one was chosen.",
    )

    @api.depends("oms_warehouse_id")
    def _compute_warehouse_id(self):
        res = super()._compute_warehouse_id()
        for line in self:
            if line.oms_warehouse_id:
                line.warehouse_id = line.oms_warehouse_id
        return res

    @api.depends_context("oms_product_name")
    def _compute_display_name(self):
        res = super()._compute_display_name()
        if self.env.context.get("oms_product_name"):
            # where the order is known already
            for line in self.filtered("product_id"):
                line.display_name = line.product_id.display_name
        return res

    # -- procurement ------------------------------------------------------------------

    def _oms_before_procure(self, previous_product_uom_qty):
        lines = super()._oms_before_procure(previous_product_uom_qty)
        if lines.env.context.get("skip_procurement"):
            return lines
        deltas = lines._oms_source(previous_product_uom_qty)
        return lines.with_context(oms_sourced=_Sourced(deltas)) if deltas else lines

    def _create_procurements(self, product_qty, procurement_uom, values):
        sourced = self.env.context.get("oms_sourced")
        parts = sourced.get(self.id) if isinstance(sourced, _Sourced) else None
        if not parts:
            return super()._create_procurements(product_qty, procurement_uom, values)
        procurements, left = [], product_qty
        warehouses = self.env["stock.warehouse"]
        for number, (warehouse_id, quantity) in enumerate(parts.items(), start=1):
            asked = self.product_uom_id._compute_quantity(
                quantity, procurement_uom, rounding_method="HALF-UP"
            )
            # what rounding leaves over goes with the last
            asked = left if number == len(parts) else asked
            left -= asked
            warehouse = warehouses.browse(warehouse_id)
            procurements += super()._create_procurements(
                asked, procurement_uom, dict(values, warehouse_id=warehouse)
            )
        return procurements

    def _oms_source(self, previous_product_uom_qty=False):
        """Decide where more is asked for, or less, and keep it.

        Lines that were procured before anything was sourced stay as Odoo does them.

        :return: ``{line id: {warehouse id: quantity}}``: what is to be procured in
            addition, in the line's unit; lines that are left to Odoo are left out
        """
        lines = self._oms_filter_sourceable()
        if not lines:
            return {}
        deltas, wants, asked = {}, {}, {}
        for line in lines:
            asked[line] = line._oms_get_asked(previous_product_uom_qty)
            sources = line.sudo().oms_sourcing_ids
            if asked[line] and not sources:
                continue
            missing = line.product_uom_qty - sum(asked[line].values())
            if line.product_uom_id.is_zero(missing):
                continue
            if missing < 0:
                deltas[line] = line._oms_lower(asked[line], -missing)
                continue
            deltas[line] = fixed = line._oms_get_fixed(asked[line], missing)
            rest = missing - sum(fixed.values())
            if not line.product_uom_id.is_zero(rest):
                wants[line] = rest
        chosen = self.env["oms.sourcing"]._choose(wants, self._oms_get_used(asked))
        for line, rest in wants.items():
            parts = deltas[line]
            if line in chosen:
                for part in chosen[line]:
                    parts[part.warehouse_id] = (
                        parts.get(part.warehouse_id, 0.0) + part.quantity
                    )
            elif parts or asked[line]:
                # no rule is for it any more: more comes from where most does
                main = line.warehouse_id.id
                parts[main] = parts.get(main, 0.0) + rest
        deltas = {line: parts for line, parts in deltas.items() if parts}
        self.browse()._oms_keep_sources(deltas, asked, chosen)
        return {line.id: parts for line, parts in deltas.items()}

    def _oms_filter_sourceable(self):
        """Lines of goods that are procured, where there are rules, or were."""
        is_any = bool(self.env["oms.sourcing.rule"]._get_criteria())
        return self.filtered(
            lambda line: (
                line.state == "sale"
                and line.product_id.type == "consu"
                and not line.order_id.locked
                and (is_any or line.sudo().oms_warehouse_id)
            )
        )

    def _oms_get_fixed(self, asked, missing):
        """Of what is missing, what a person has said where it comes from.

        :return: ``{warehouse id: quantity}``
        """
        self.ensure_one()
        fixed = {}
        for source in self.sudo().oms_sourcing_ids.filtered("is_manual"):
            key = source.warehouse_id.id
            part = min(source.quantity - asked.get(key, 0.0), missing)
            if part > 0 and not self.product_uom_id.is_zero(part):
                fixed[key] = part
                missing -= part
        return fixed

    @api.model
    def _oms_get_used(self, asked):
        """Warehouses that deliver of the orders already.

        :param asked: ``{line: {warehouse id: quantity}}``
        """
        used = defaultdict(set)
        orders = self.union(*asked).order_id
        for source in orders.sudo().oms_sourcing_ids:
            quantities = asked.get(source.line_id)
            if quantities is None or quantities.get(source.warehouse_id.id, 0) > 0:
                used[source.order_id.with_env(self.env)].add(source.warehouse_id.id)
        return used

    # -- what was asked of whom -------------------------------------------------------

    def _oms_get_asked(self, previous_product_uom_qty=False):
        """What transfers bring of the line, or have brought, by warehouse; the sum is
        Odoo's ``_get_qty_procurement``.

        :return: ``{warehouse id: quantity in the line's unit}``
        """
        self.ensure_one()
        if not self.move_ids:
            return {}
        kit = self.env["oms.sourcing"]._find_kits(self.product_id, self.company_id)
        if kit:
            return self._oms_get_kits_asked(
                kit[self.product_id], previous_product_uom_qty
            )
        asked = defaultdict(float)
        outgoing, incoming = self._get_outgoing_incoming_moves(strict=False)
        for moves, sign in ((outgoing, 1), (incoming, -1)):
            for move in moves:
                done = move.state == "done"
                asked[_get_warehouse(move).id] += sign * (
                    move.product_uom._compute_quantity(
                        move.quantity if done else move.product_uom_qty,
                        self.product_uom_id,
                        rounding_method="HALF-UP",
                    )
                )
        return dict(asked)

    def _oms_get_kits_asked(self, kit, previous_product_uom_qty=False):
        """The same of whole kits: a warehouse brings all parts of one."""
        moves = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel" and move.location_dest_usage != "inventory"
            )
        )
        filters = self._get_incoming_outgoing_moves_filter()
        ordered = (
            previous_product_uom_qty.get(self.id, 0)
            if previous_product_uom_qty
            else self.product_uom_qty
        )
        count = self.product_uom_id._compute_quantity(ordered, kit.product_uom_id)
        return {
            warehouse.id: kit.product_uom_id._compute_quantity(
                of_warehouse._compute_kit_quantities(
                    self.product_id, count, kit, filters
                ),
                self.product_uom_id,
            )
            for warehouse, of_warehouse in moves.grouped(_get_warehouse).items()
        }

    def _oms_lower(self, asked, quantity):
        """Where less is asked for: first what nobody has begun, and the farthest.

        :param asked: ``{warehouse id: quantity}``
        :return: ``{warehouse id: quantity}``, below zero
        """
        self.ensure_one()
        holdings = self._oms_get_holdings(asked)
        taken, left = lower(holdings, quantity)
        if left:
            # beyond what is open, as Odoo does it: the transfer that did most
            most = max(asked, key=asked.get)
            taken[most] = taken.get(most, 0.0) + left
        return {key: -part for key, part in taken.items()}

    def _oms_get_holdings(self, asked):
        """How far the warehouses have got with the line.

        :param asked: ``{warehouse id: quantity}``
        :return: list of :class:`~..sourcing.Holding`, in the line's unit
        """
        self.ensure_one()
        outgoing, _incoming = self._get_outgoing_incoming_moves(strict=False)
        is_kit = self.move_ids.product_id != self.product_id
        if is_kit:
            outgoing = self.move_ids.filtered(lambda move: move.state != "cancel")
        by_warehouse = outgoing.grouped(_get_warehouse)
        far = {
            warehouse_id: rank
            for rank, warehouse_id in enumerate(self._oms_get_source_order())
        }
        holdings = []
        for warehouse, moves in by_warehouse.items():
            key = warehouse.id
            still_open = moves.filtered(lambda move: move.state != "done")
            quantity = max(asked.get(key, 0.0), 0.0)
            if is_kit:
                begun = (
                    quantity
                    if moves != still_open or any(moves.mapped("picked"))
                    else 0.0
                )
                reserved = quantity if any(moves.mapped("quantity")) else 0.0
                can = quantity if still_open else 0.0
            else:
                can = min(self._oms_sum(still_open, "product_uom_qty"), quantity)
                reserved = self._oms_sum(still_open, "quantity")
                picked = still_open.filtered("picked")
                begun = self._oms_sum(picked, "quantity")
            holdings.append(
                Holding(key, can, min(reserved, can), min(begun, can), far.get(key, 99))
            )
        return holdings

    def _oms_sum(self, moves, name):
        return sum(
            move.product_uom._compute_quantity(
                move[name], self.product_uom_id, rounding_method="HALF-UP"
            )
            for move in moves
        )

    def _oms_get_source_order(self):
        """The warehouses of the line's order, the best first."""
        order = self.order_id
        rules = self.env["oms.sourcing.rule"]._match(order)
        if order not in rules:
            return order.warehouse_id.ids
        return [
            place.key
            for place in self.env["oms.sourcing"]._get_places(order, rules)[order]
        ]

    # -- what was chosen --------------------------------------------------------------

    @api.model
    def _oms_keep_sources(self, deltas, asked, chosen, reason=None):
        """Keep where lines come from, and journal what changed.

        :param deltas: ``{line: {warehouse id: quantity in addition}}``
        :param asked: ``{line: {warehouse id: quantity}}`` before
        :param chosen: ``{line: [Chosen]}``: why
        :param reason: of who chose it himself
        """
        values = []
        lines = self.union(*deltas)
        for line in lines:
            plan = {
                key: quantity for key, quantity in asked[line].items() if quantity > 0
            }
            for key, quantity in deltas[line].items():
                plan[key] = plan.get(key, 0.0) + quantity
            values += line._oms_write_sources(plan, chosen.get(line, ()), reason)
        self.env["oms.sourcing.line"].sudo().create(values)
        lines._oms_follow_main_source()
        lines.order_id._oms_journal_sources(lines, reason)

    def _oms_write_sources(self, plan, chosen, reason=None):
        """Write the rows that are there.

        :param plan: ``{warehouse id: quantity}``
        :return: values of the rows to create
        """
        self.ensure_one()
        why = {
            part.warehouse_id: {
                "short": part.short,
                "code": part.code,
                "refused": part.refused,
                "rule_id": part.rule_id,
                "is_manual": False,
            }
            for part in chosen
        }
        by_hand = {
            "short": 0.0,
            "code": PERSON,
            "refused": [],
            "rule_id": False,
            "is_manual": True,
            "reason": reason,
            "user_id": self.env.uid,
        }
        rows = {row.warehouse_id.id: row for row in self.sudo().oms_sourcing_ids}
        create = []
        for key, quantity in plan.items():
            row = rows.pop(key, None)
            vals = {"quantity": quantity, **(by_hand if reason else why.get(key, {}))}
            if quantity <= 0 or self.product_uom_id.is_zero(quantity):
                if row:
                    row.unlink()
            elif row:
                row.write(vals)
            else:
                create.append({"line_id": self.id, "warehouse_id": key, **vals})
        for row in rows.values():
            row.unlink()
        return create

    def _oms_follow_main_source(self):
        """The line's own warehouse is the one that most of it comes from."""
        main = defaultdict(self.browse)
        for line in self.sudo():
            rows = line.oms_sourcing_ids
            warehouse = max(
                rows, key=lambda row: row.quantity, default=rows
            ).warehouse_id
            if line.oms_warehouse_id != warehouse:
                main[warehouse] |= line
        for warehouse, lines in main.items():
            moved = lines.filtered(lambda line, w=warehouse: line.warehouse_id != w)
            lines.sudo().oms_warehouse_id = warehouse
            moved.order_id._oms_note_promises({"warehouse_id"})
            # the date is that of the place it comes from; where they are several, it
            # follows once there are transfers (_oms_follow_sources)
            whole = moved.filtered(lambda line: len(line.sudo().oms_sourcing_ids) == 1)
            whole.filtered(lambda line: line.state == "sale")._oms_promise()


def _get_warehouse(move):
    return (
        move.warehouse_id
        or move.picking_type_id.warehouse_id
        or move.location_id.warehouse_id
    )
