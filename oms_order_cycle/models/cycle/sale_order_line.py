from odoo import api, fields, models
from odoo.tools import SQL

from ...facts.milestones import GOODS_MILESTONES
from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.groups import INTERNAL

#: What the facts' query tells of each line, in its order: fields ``oms_qty_<name>``.
_QUANTITIES = ("wanted", *GOODS_MILESTONES)
_GUARDED_FIELDS = frozenset(("oms_launched_qty", "oms_release_pending"))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_release_pending = fields.Boolean(
        string="Held Back from the Warehouse",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="A hold or an earlier stage keeps this line from the warehouse.",
    )
    oms_launched_qty = fields.Float(
        string="Asked For",
        digits="Product Unit",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="Ordered quantity when the warehouse was last asked for it, in the unit of"
        " the line; 0 while it never was. More than its transfers bring of it is"
        " not wanted any more.",
    )
    oms_qty_wanted = fields.Float(
        string="Wanted",
        compute="_compute_oms_quantities",
        digits="Product Unit",
        help="Ordered quantity less what was short-closed: what the warehouse was asked"
        " for and its transfers do not bring any more. In the unit of the line.",
    )
    oms_qty_released = fields.Float(
        string="Released", compute="_compute_oms_quantities", digits="Product Unit"
    )
    oms_qty_picked = fields.Float(
        string="Picked", compute="_compute_oms_quantities", digits="Product Unit"
    )
    oms_qty_packed = fields.Float(
        string="Packed", compute="_compute_oms_quantities", digits="Product Unit"
    )
    oms_qty_loaded = fields.Float(
        string="Loaded", compute="_compute_oms_quantities", digits="Product Unit"
    )
    oms_qty_shipped = fields.Float(
        string="Shipped",
        compute="_compute_oms_quantities",
        digits="Product Unit",
        help="All that left for the customer; what came back is not subtracted.",
    )
    oms_qty_delivered = fields.Float(
        string="Arrived", compute="_compute_oms_quantities", digits="Product Unit"
    )

    @api.depends(
        "product_uom_qty",
        "product_uom_id",
        "oms_release_pending",
        "oms_launched_qty",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.move_line_ids.result_package_id",
        "move_ids.picking_id.oms_delivered_at",
    )
    def _compute_oms_quantities(self):
        quantities = self._oms_read_quantities()
        nothing = dict.fromkeys(_QUANTITIES, 0.0)
        for line in self:
            for name, quantity in quantities.get(line._origin.id, nothing).items():
                line[f"oms_qty_{name}"] = quantity

    def _oms_read_quantities(self):
        """How far lines have got, read from their documents in one query.

        :return: ``{line id: {"wanted" or milestone: quantity}}`` in the unit of the
            line; nothing of notes and sections
        """
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        orders = self.env["sale.order"]
        orders._oms_flush_documents()
        query = orders._oms_facts_query(SQL("l.id IN %s", ids)).line_query()
        return {
            line_id: dict(zip(_QUANTITIES, quantities, strict=True))
            for line_id, *quantities in self.env.execute_query(query)
        }

    # the dependencies are those of Odoo's method
    def _compute_qty_delivered(self):
        before = {line: line.qty_delivered for line in self.filtered("id")}
        res = super()._compute_qty_delivered()
        changed = self.filtered(
            lambda line: line in before and line.qty_delivered != before[line]
        )
        changed._oms_filter_served().order_id._oms_rederive()
        return res

    def _oms_filter_served(self):
        """Lines of which facts read Odoo's delivered quantity: kits, and what no
        transfer brings. Other goods are counted by their moves."""
        return self.filtered(
            lambda line: (
                line.qty_delivered_method != "stock_move"
                or line.move_ids.product_id != line.product_id
            )
        )

    @api.model
    def _oms_get_guarded_fields(self):
        """Hook: names of what is derived, and written by nobody."""
        return _GUARDED_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._oms_get_guarded_fields()
        refuse_derived(self, vals_list, guarded)
        clean = without_derived_defaults(self, guarded)
        lines = super(SaleOrderLine, clean).create(vals_list).with_env(self.env)
        lines._oms_after_create()
        return lines

    def _oms_after_create(self):
        """Hook: lines were created."""

    def write(self, vals):
        refuse_derived(self, [vals], self._oms_get_guarded_fields())
        self._oms_before_write(vals)
        res = super().write(vals)
        if "qty_delivered" in vals:
            self.order_id._oms_rederive()
        self._oms_after_write(vals)
        return res

    def _oms_before_write(self, vals):
        """Hook: lines are about to be written."""

    def _oms_after_write(self, vals):
        """Hook: lines were written; ``vals`` are those of ``write``."""

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        freed = self._oms_before_launch()
        launched = self._oms_withhold()._oms_before_procure(previous_product_uom_qty)
        res = super(SaleOrderLine, launched)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        launched._oms_note_launched()
        freed._oms_release()
        self._oms_after_launch()
        return res

    def _oms_note_launched(self):
        """Keep what the warehouse was asked for; of what it takes out of the transfers
        again nothing else would tell that it was there."""
        if self.env.context.get("skip_procurement"):
            return
        for quantity, lines in (
            self.filtered(
                lambda line: (
                    line.state == "sale"
                    and not line.order_id.locked
                    and line.product_id.type == "consu"
                )
            )
            .grouped("product_uom_qty")
            .items()
        ):
            lines.sudo().oms_launched_qty = quantity

    def _oms_before_launch(self):
        """Hook: lines are about to be procured, or procured with another quantity.

        :return: orders to release once these lines are launched
        """
        return self.env["sale.order"]

    def _oms_before_procure(self, previous_product_uom_qty):
        """Hook: nothing keeps these lines back, they are about to be procured.

        :param previous_product_uom_qty: as ``_action_launch_stock_rule`` takes it
        :return: the lines, in the context in which they are procured
        """
        return self

    def _oms_after_launch(self):
        """Hook: lines were procured, as far as nothing keeps them back."""

    def _oms_withhold(self):
        """Keep back lines of orders that are held, or not yet to be released.

        :return: the other lines
        """
        if not self or self.env.context.get("skip_procurement"):
            return self
        withheld_orders = self.order_id._oms_get_withheld()
        withheld = self.filtered(
            lambda line: line.order_id in withheld_orders
        )._oms_get_to_procure()
        withheld.filtered(
            lambda line: not line.oms_release_pending
        ).sudo().oms_release_pending = True
        # what takes goods back from the warehouse is never withheld
        released = self - withheld
        released.filtered("oms_release_pending").sudo().oms_release_pending = False
        return released

    def _oms_get_to_procure(self):
        """Lines that Odoo would have the warehouse bring more for."""
        return self.filtered(
            lambda line: (
                line.state == "sale"
                and not line.order_id.locked
                and line.product_id.type == "consu"
                and line.product_uom_id.compare(
                    line._get_qty_procurement(), line.product_uom_qty
                )
                < 0
            )
        )
