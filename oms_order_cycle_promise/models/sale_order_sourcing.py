"""From which warehouses orders come: said before, journalled, changed by people."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL, READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_sourcing_ids = fields.One2many(
        "oms.sourcing.line", "order_id", string="Sources", groups=READERS
    )
    oms_has_sourcing = fields.Boolean(
        compute="_compute_oms_has_sourcing",
        compute_sudo=True,
        groups=INTERNAL,
        help="A rule says where the order comes from, or a person has said it.",
    )
    oms_sourcing_preview = fields.Html(
        string="Would Come From",
        compute="_compute_oms_sourcing_preview",
        compute_sudo=True,
        sanitize=False,
        groups=INTERNAL,
    )
    oms_can_source_again = fields.Boolean(
        compute="_compute_oms_can_source_again", compute_sudo=True, groups=INTERNAL
    )

    @api.depends("oms_sourcing_ids", "company_id", "state")
    def _compute_oms_has_sourcing(self):
        rules = self.env["oms.sourcing.rule"]
        for order in self:
            order.oms_has_sourcing = bool(
                order.oms_sourcing_ids
                or (order.state in ("draft", "sent") and rules._match(order))
            )

    @api.depends(
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "order_line.oms_sourcing_ids",
        "partner_shipping_id",
        "oms_channel_id",
        "carrier_id",
        "warehouse_id",
    )
    @api.depends_context("lang")
    def _compute_oms_sourcing_preview(self):
        for order in self:
            order.oms_sourcing_preview = (
                order._oms_render_preview()
                if order._origin and order.state in ("draft", "sent")
                else False
            )

    def _oms_render_preview(self):
        """Where the lines of a quotation would come from now; nothing is promised."""
        self.ensure_one()
        order = self._origin
        lines = order.order_line.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and line.product_uom_qty > 0
                and not line.display_type
            )
        )
        fixed = lines.filtered("oms_sourcing_ids")
        wants = {line: line.product_uom_qty for line in lines - fixed}
        chosen = self.env["oms.sourcing"]._choose(wants, is_preview=True)
        words = self.env["oms.sourcing.line"]
        rules = self.env["oms.sourcing.rule"]
        rows = []
        for line in lines:
            rows += [
                (line, source.warehouse_id, source.quantity, source.why)
                for source in line.oms_sourcing_ids
            ]
            for part in chosen.get(line, ()):
                why = words._explain(
                    part.code,
                    rules.browse(part.rule_id).goal,
                    part.refused,
                    short=part.short,
                    unit=line.product_uom_id.name,
                )
                warehouse = self.env["stock.warehouse"].browse(part.warehouse_id)
                rows.append((line, warehouse, part.quantity, why))
        if not rows:
            return False
        heads = (
            self.env._("Product"),
            self.env._("From"),
            self.env._("Quantity"),
            self.env._("Why"),
        )
        return _render_table(
            heads,
            [
                (
                    line.product_id.display_name,
                    warehouse.name,
                    f"{quantity:g} {line.product_uom_id.name}",
                    Markup("<br/>").join(why.split("\n")),
                )
                for line, warehouse, quantity, why in rows
            ],
        )

    @api.depends("oms_sourcing_ids", "order_line.move_ids.state")
    def _compute_oms_can_source_again(self):
        for order in self:
            order.oms_can_source_again = bool(
                order.state == "sale"
                and not order.locked
                and order.oms_sourcing_ids
                and order.order_line._oms_find_restless()
            )

    # -- what people do ---------------------------------------------------------------

    def action_oms_change_sources(self):
        """Ask from which warehouses the order is to come instead, and why."""
        self.ensure_one()
        self.check_access("write")
        self._oms_check_can_change_sources()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Warehouses"),
            "res_model": "oms.sourcing.change",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _oms_check_can_change_sources(self):
        """
        :raise UserError: the order is over, locked, or kept from the warehouse
        """
        for order in self:
            if order.state not in ("draft", "sent", "sale") or order.locked:
                raise UserError(
                    self.env._(
                        "%s is cancelled or locked: its warehouses cannot be changed.",
                        order.name,
                    )
                )
        released = self.filtered(
            lambda order: order.state == "sale" and order.order_line.move_ids
        )
        released._oms_check_released()

    def action_oms_source_again(self):
        """Choose anew where what is not under way comes from: what is neither reserved
        nor picked, and what was short-picked or cancelled."""
        self.check_access("write")
        self._oms_check_can_change_sources()
        self._oms_source_again()
        return True

    def _oms_source_again(self):
        """The same, of those of the orders that can be: for automatic actions."""
        orders = self.filtered(lambda order: order.state == "sale" and not order.locked)
        withheld = orders._oms_get_withheld()
        orders = orders.filtered(lambda order: order not in withheld)
        orders.order_line._oms_source_again()

    # -- journal ----------------------------------------------------------------------

    def _oms_journal_sources(self, lines, reason=None):
        """Note where the orders' lines come from now.

        :param lines: those that were decided now
        :param reason: of who decided himself
        """
        self.env["oms.event"]._log(
            [
                order._oms_prepare_sourced_event(
                    lines.filtered(lambda line, order=order: line.order_id == order),
                    reason,
                )
                for order in self
            ]
        )

    def _oms_prepare_sourced_event(self, lines, reason=None):
        self.ensure_one()
        rows = lines.sudo().oms_sourcing_ids
        names = ", ".join(dict.fromkeys(rows.warehouse_id.mapped("name")))
        rules = ", ".join(rows.rule_id.mapped("name"))
        return {
            "order_id": self.id,
            "kind": "sourced",
            "name": (
                self.env._("Comes from %s", names)
                if names
                else self.env._("Comes from no warehouse any more")
            ),
            "data": {
                **({"reason": reason} if reason else {}),
                **({"rule": rules} if rules else {}),
                "lines": [
                    {
                        "line_id": row.line_id.id,
                        "warehouse": row.warehouse_id.name,
                        "quantity": row.quantity,
                        "short": row.short,
                    }
                    for row in rows
                ],
            },
        }

    def _oms_after_cancel(self):
        res = super()._oms_after_cancel()
        # confirmed again, it is sourced by what there is then
        rows = self.sudo().oms_sourcing_ids
        if rows:
            lines = rows.line_id
            rows.unlink()
            lines.oms_warehouse_id = False
        return res


def _render_table(heads, rows):
    """Rows as HTML; texts are escaped."""
    lines = [
        Markup("<tr>%s</tr>")
        % Markup("").join(Markup("<td>%s</td>") % cell for cell in row)
        for row in rows
    ]
    head = Markup("").join(Markup("<th>%s</th>") % cell for cell in heads)
    return Markup(
        '<table class="table table-sm"><thead><tr>%s</tr></thead>'
        "<tbody>%s</tbody></table>"
    ) % (head, Markup("").join(lines))
