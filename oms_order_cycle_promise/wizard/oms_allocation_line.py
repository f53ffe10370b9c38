from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OmsAllocationLine(models.TransientModel):
    """What one order wants, has and gets. Quantities in the unit of the product."""

    _name = "oms.allocation.line"
    _description = "What an Order Gets of What Is Short"
    _order = "promised_date, id"

    allocation_id = fields.Many2one(
        "oms.allocation", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", required=True, readonly=True)
    order_line_id = fields.Many2one(
        related="move_id.sale_line_id", string="Order Line", related_sudo=True
    )
    order_id = fields.Many2one(related="order_line_id.order_id", related_sudo=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    customer_class_id = fields.Many2one(
        related="partner_id.commercial_partner_id.oms_customer_class_id",
        string="Class",
    )
    picking_id = fields.Many2one(related="move_id.picking_id", string="Transfer")
    currency_id = fields.Many2one(related="allocation_id.currency_id")
    promised_date = fields.Datetime(
        compute="_compute_promised_date",
        store=True,
        string="Promised",
        help="When the goods are to be with the customer (UTC).",
    )
    wanted = fields.Float(digits="Product Unit", readonly=True)
    has = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What is reserved for the order, what was picked included.",
    )
    picked = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What was picked or packed: it stays with the order.",
    )
    quantity = fields.Float(string="Gets", digits="Product Unit")
    change = fields.Float(digits="Product Unit", compute="_compute_change")
    value = fields.Monetary(
        string="Still Missing",
        compute="_compute_value",
        help="What is missing all the same is sold for, before taxes.",
    )
    why = fields.Char(readonly=True)

    @api.constrains("move_id")
    def _check_move(self):
        """What is shown of moves is read for all: they are of orders that the user may
        read."""
        self.move_id.sudo().sale_line_id.order_id.sudo(False).check_access("read")

    @api.depends("move_id")
    def _compute_promised_date(self):
        dates = self.env["oms.promise"]._get_current_dates(
            self.move_id.sudo().sale_line_id.ids
        )
        for line in self:
            line.promised_date = dates.get(line.move_id.sudo().sale_line_id.id, False)

    @api.depends("quantity", "has")
    def _compute_change(self):
        for line in self:
            line.change = line.quantity - line.has

    @api.depends("quantity", "wanted", "move_id")
    def _compute_value(self):
        for line in self:
            order_line = line.move_id.sudo().sale_line_id
            order = order_line.order_id
            part = (line.wanted - line.quantity) / (line._get_ordered() or 1)
            worth = order_line.price_subtotal / (order.currency_rate or 1)
            line.value = max(part, 0) * worth

    @api.onchange("quantity")
    def _onchange_quantity(self):
        self.why = self.env._("Changed by hand")

    def _get_per_unit(self):
        """How much of the product the order line takes for each unit it counts in,
        beside what the units say: of a part of a kit, what a kit takes."""
        self.ensure_one()
        move = self.move_id.sudo()
        return move.oms_kit_quantity or 1.0

    def _get_ordered(self):
        """What the order line takes of the product in all."""
        self.ensure_one()
        move = self.move_id.sudo()
        order_line = move.sale_line_id
        factor = order_line.product_uom_id.factor / move.product_id.uom_id.factor
        return order_line.product_uom_qty * factor * self._get_per_unit()

    def _get_pack(self, grains):
        """The least that the order takes at once: a dozen where dozens were ordered,
        the parts of a kit."""
        self.ensure_one()
        move = self.move_id.sudo()
        order_line = move.sale_line_id
        if not move.oms_kit_quantity and order_line.product_id != move.product_id:
            return 1
        return grains.get_pack(order_line.product_uom_id, self._get_per_unit())

    def _check_quantity(self):
        """
        :raise ValidationError: naming the order, and what it may get
        """
        for line in self:
            unit = line.allocation_id.uom_id
            anew = line.allocation_id.is_anew
            floor = line.picked if anew else line.has
            if unit.compare(line.quantity, line.wanted) > 0:
                message = self.env._(
                    "%(order)s wants %(wanted)s: it cannot get %(quantity)s."
                )
            elif unit.compare(line.quantity, floor) < 0 and anew:
                message = self.env._(
                    "%(floor)s were picked for %(order)s already: it cannot get"
                    " %(quantity)s."
                )
            elif unit.compare(line.quantity, floor) < 0:
                message = self.env._(
                    "%(order)s has %(floor)s: to give it %(quantity)s, tick Share Out"
                    " Anew."
                )
            else:
                continue
            raise ValidationError(
                message
                % {
                    "order": line.order_id.name,
                    "wanted": f"{line.wanted:g}",
                    "floor": f"{floor:g}",
                    "quantity": f"{line.quantity:g}",
                }
            )
