from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class OmsSourcingChange(models.TransientModel):
    """A person says where the lines of an order come from, and why."""

    _name = "oms.sourcing.change"
    _description = "Change Warehouses"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id")
    reason = fields.Char(
        required=True, help="Stands in the order log, and beside the warehouses."
    )
    line_ids = fields.One2many(
        "oms.sourcing.change.line",
        "change_id",
        string="Warehouses",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("order_id")
    def _compute_line_ids(self):
        for change in self:
            change.line_ids = [
                Command.clear(),
                *map(Command.create, change._prepare_lines()),
            ]

    def _prepare_lines(self):
        """Where the lines come from now."""
        self.ensure_one()
        return [
            {"line_id": line.id, "warehouse_id": warehouse_id, "quantity": quantity}
            for line, plan in self._get_plans().items()
            for warehouse_id, quantity in plan.items()
        ]

    def _get_plans(self):
        lines = self.order_id.order_line._oms_filter_changeable()
        return lines._oms_get_source_plans()

    def action_apply(self):
        """Keep what was chosen; what was released already goes to other transfers.

        :raise UserError: a line's quantities are not what was ordered, or more is taken
            back than is still open
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        order._oms_check_can_change_sources()
        plans = {}
        for line, before in self._get_plans().items():
            rows = self.line_ids.filtered(lambda row, line=line: row.line_id == line)
            plan = {}
            for row in rows:
                key = row.warehouse_id.id
                plan[key] = plan.get(key, 0.0) + row.quantity
            self._check_plan(line, plan, rows.warehouse_id)
            if plan != before:
                plans[line] = {key: part for key, part in plan.items() if part}
        if not plans:
            raise UserError(
                self.env._(
                    "Nothing was changed: choose other warehouses or quantities."
                )
            )
        order.order_line._oms_choose_by_hand(plans, self.reason)
        return True

    def _check_plan(self, line, plan, warehouses):
        """
        :raise UserError: naming the product and what is wrong
        """
        unit, product = line.product_uom_id, line.product_id.display_name
        foreign = warehouses.filtered(
            lambda warehouse: warehouse.company_id != line.company_id
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(warehouse)s belongs to another company than the order.",
                    warehouse=foreign[0].name,
                )
            )
        wanted = line._oms_get_to_plan()
        if any(part < 0 for part in plan.values()) or unit.compare(
            sum(plan.values()), wanted
        ):
            raise UserError(
                self.env._(
                    "%(product)s: the quantities add up to %(sum)s, but %(wanted)s"
                    " %(unit)s are to be delivered.",
                    product=product,
                    sum=f"{sum(plan.values()):g}",
                    wanted=f"{wanted:g}",
                    unit=unit.name,
                )
            )
        if not line.move_ids:
            return
        asked = line._oms_get_asked()
        for held in line._oms_get_holdings(asked):
            under_way = asked.get(held.source, 0.0) - held.open + held.begun
            if unit.compare(plan.get(held.source, 0.0), under_way) < 0:
                warehouse = self.env["stock.warehouse"].browse(held.source)
                raise UserError(
                    self.env._(
                        "%(product)s: %(quantity)s %(unit)s are picked or delivered"
                        " from %(warehouse)s already and cannot come from elsewhere.",
                        product=product,
                        quantity=f"{under_way:g}",
                        unit=unit.name,
                        warehouse=warehouse.name,
                    )
                )


class OmsSourcingChangeLine(models.TransientModel):
    """So much of an order line, from this warehouse."""

    _name = "oms.sourcing.change.line"
    _description = "Change Warehouses: Line"
    _order = "id"

    change_id = fields.Many2one(
        "oms.sourcing.change", required=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="change_id.order_id")
    company_id = fields.Many2one(related="change_id.company_id")
    line_id = fields.Many2one(
        "sale.order.line",
        string="Product",
        required=True,
        ondelete="cascade",
        domain="[('order_id', '=', order_id), ('display_type', '=', False),"
        " ('product_id.type', '=', 'consu')]",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id)]",
    )
    quantity = fields.Float(required=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", string="Unit")
    free = fields.Float(
        string="Free There",
        compute="_compute_free",
        digits="Product Unit",
        help="What the warehouse has that nobody has reserved, in the product's unit.",
    )

    @api.depends("line_id", "warehouse_id")
    def _compute_free(self):
        free = self.env["oms.supply"]._get_free(
            self.line_id.product_id, self.warehouse_id
        )
        for row in self:
            pair = (row.line_id.product_id.id, row.warehouse_id.id)
            row.free = free.get(pair, 0.0)
