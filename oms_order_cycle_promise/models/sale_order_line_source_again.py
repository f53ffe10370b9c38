"""What is not under way is sourced again; people choose otherwise."""

from collections import defaultdict

from odoo import api, models

from .sale_order_line_sourcing import _Sourced


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_find_restless(self):
        """What could be sourced again: asked for and neither reserved nor picked, or
        not brought by any transfer any more.

        :return: ``{line: {warehouse id: quantity that could go elsewhere}}``
        """
        restless = {}
        for line in self.filtered(
            lambda line: line.state == "sale" and line.sudo().oms_sourcing_ids
        ):
            asked = line._oms_get_asked()
            loose = {}
            for held in line._oms_get_holdings(asked):
                quantity = held.open - max(held.reserved, held.begun)
                if not line.product_uom_id.is_zero(quantity):
                    loose[held.source] = quantity
            missing = line.product_uom_qty - sum(asked.values())
            if loose or line.product_uom_id.compare(missing, 0.0) > 0:
                restless[line] = loose
        return restless

    def _oms_source_again(self):
        """Choose anew where what is not under way comes from."""
        restless = self._oms_find_restless()
        asked = {line: line._oms_get_asked() for line in restless}
        wants = {line: sum(loose.values()) for line, loose in restless.items() if loose}
        if wants:
            staying = {
                line: {
                    key: quantity - restless[line].get(key, 0.0)
                    for key, quantity in asked[line].items()
                }
                for line in restless
            }
            chosen = self.env["oms.sourcing"]._choose(
                wants, self._oms_get_used(staying)
            )
            deltas = {
                line: _subtract(parts, restless[line]) for line, parts in chosen.items()
            }
            self._oms_move_sources(
                {line: delta for line, delta in deltas.items() if delta}, asked, chosen
            )
        # what no transfer brings any more is asked for as after a raised quantity
        self.browse().union(*restless)._action_launch_stock_rule()

    @api.model
    def _oms_move_sources(self, deltas, asked, chosen, reason=None):
        """Take quantities from some warehouses and ask others for them.

        :param deltas: ``{line: {warehouse id: quantity in addition}}``
        :param asked: ``{line: {warehouse id: quantity}}`` before
        :param chosen: ``{line: [Chosen]}``: why
        :param reason: of who chose it himself
        """
        if not deltas:
            return
        self.browse()._oms_keep_sources(deltas, asked, chosen, reason)
        sourced = _Sourced({line.id: parts for line, parts in deltas.items()})
        procurements = []
        for line, parts in deltas.items():
            line = line.with_context(oms_sourced=sourced).with_company(line.company_id)
            quantity, unit = line.product_uom_id._adjust_uom_quantities(
                sum(parts.values()), line.product_id.uom_id
            )
            procurements += line._create_procurements(
                quantity, unit, line._prepare_procurement_values()
            )
        self.env["stock.rule"].run(procurements)
        orders = self.browse().union(*deltas).order_id
        orders.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_confirm()

    # -- people choose ----------------------------------------------------------------

    def _oms_filter_changeable(self):
        """Lines whose warehouses a person may choose: goods that are delivered from
        stock."""
        lines = self.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_id.type == "consu"
                and line.product_uom_qty > 0
            )
        )
        return lines - self.env["oms.sourcing"]._find_routed(lines)

    def _oms_get_source_plans(self):
        """Where lines come from: of what was released what their transfers bring, else
        what was said by hand, what the rules would choose now, or the order's own.

        :return: ``{line: {warehouse id: quantity in the line's unit}}``
        """
        plans = {}
        for line in self:
            rows = line.sudo().oms_sourcing_ids
            if line._oms_is_released():
                asked = line._oms_get_asked()
                plans[line] = {key: part for key, part in asked.items() if part > 0}
            elif rows:
                plans[line] = {row.warehouse_id.id: row.quantity for row in rows}
        chosen = self.env["oms.sourcing"]._choose(
            {line: line.product_uom_qty for line in self if line not in plans},
            is_preview=True,
        )
        for line in self.filtered(lambda line: line not in plans):
            if line in chosen:
                plan = {part.warehouse_id: part.quantity for part in chosen[line]}
            else:
                plan = {line.warehouse_id.id: line.product_uom_qty}
            plans[line] = plan
        return plans

    def _oms_is_released(self):
        self.ensure_one()
        return bool(self.state == "sale" and self.move_ids)

    def _oms_get_to_plan(self):
        """What is to come from somewhere: of released lines what their transfers
        bring, else what is ordered."""
        self.ensure_one()
        if self._oms_is_released():
            return sum(self._oms_get_asked().values())
        return self.product_uom_qty

    def _oms_choose_by_hand(self, plans, reason):
        """Have lines come from where a person says.

        :param plans: ``{line: {warehouse id: quantity in the line's unit}}``
        :param reason: why
        """
        released = {line for line in plans if line._oms_is_released()}
        deltas, asked = defaultdict(dict), {}
        for line, plan in plans.items():
            asked[line] = line._oms_get_asked() if line in released else {}
            deltas[line] = _subtract(plan, asked[line], line.product_uom_id)
        deltas = {line: delta for line, delta in deltas.items() if delta}
        waiting = {
            line: delta for line, delta in deltas.items() if line not in released
        }
        self.browse()._oms_keep_sources(waiting, asked, {}, reason)
        self._oms_move_sources(
            {line: delta for line, delta in deltas.items() if line in released},
            asked,
            {},
            reason,
        )


def _subtract(parts, others, unit=None):
    """Parts of a plan less others: ``{warehouse id: quantity}``, those that differ.

    :param parts: ``{warehouse id: quantity}``, or ``[Chosen]``
    """
    if isinstance(parts, list):
        parts = {part.warehouse_id: part.quantity for part in parts}
    found = {}
    # what is taken back goes first
    for key in sorted({*parts, *others}, key=lambda key: parts.get(key, 0)):
        delta = parts.get(key, 0.0) - others.get(key, 0.0)
        if abs(delta) > 1e-9 and not (unit and unit.is_zero(delta)):
            found[key] = delta
    return found
