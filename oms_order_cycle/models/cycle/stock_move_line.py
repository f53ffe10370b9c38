from odoo import api, fields, models

from ...tools.derived import refuse_derived, without_derived_defaults

#: Fields that tell whether goods are packed: moved as a whole, a package is not.
_PACKAGE_FIELDS = frozenset({"package_id", "result_package_id"})
#: What packing itself writes.
_GUARDED_FIELDS = frozenset({"oms_packed_at"})


class StockMoveLine(models.Model):
    """Packing moves an order on; moving a package as a whole does not."""

    _inherit = "stock.move.line"

    oms_packed_at = fields.Datetime(
        string="Packed",
        copy=False,
        readonly=True,
        help="When the last of the goods was put into the package (UTC). A package may"
        " be older: totes are used again.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        clean = without_derived_defaults(self, _GUARDED_FIELDS)
        now = fields.Datetime.now()
        lines = super(StockMoveLine, clean).create(
            [
                {"oms_packed_at": now, **vals}
                if vals.get("result_package_id")
                else vals
                for vals in vals_list
            ]
        )
        lines = lines.with_env(self.env)
        lines._oms_filter_packed().move_id._oms_rederive_orders()
        lines._oms_after_create()
        return lines

    def _oms_after_create(self):
        """Hook: lines were created."""

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        now = fields.Datetime.now()
        packed = self._oms_filter_packing(vals)
        if packed and len(packed) == len(self):
            # in the same statement
            vals = {"oms_packed_at": now, **vals}
            packed = self.browse()
        self._oms_before_write(vals)
        res = super().write(vals)
        if packed:
            packed.sudo().oms_packed_at = now
        if not _PACKAGE_FIELDS.isdisjoint(vals):
            self._oms_filter_packable().move_id._oms_rederive_orders()
        elif "quantity" in vals or "move_id" in vals:
            self._oms_filter_packed().move_id._oms_rederive_orders()
        self._oms_after_write(vals)
        return res

    def _oms_before_write(self, vals):
        """Hook: lines are about to be written; ``vals`` are those of ``write``."""

    def _oms_after_write(self, vals):
        """Hook: lines were written; ``vals`` are those of ``write``."""

    def unlink(self):
        self._oms_before_unlink()
        moves = self._oms_filter_packed().move_id
        res = super().unlink()
        moves._oms_rederive_orders()
        return res

    def _oms_before_unlink(self):
        """Hook: lines are about to be deleted."""

    def _oms_filter_packing(self, vals):
        """The lines of which ``vals`` put something into a package."""
        if "result_package_id" in vals:
            package_id = vals["result_package_id"]
            return self.filtered(
                lambda line: package_id and line.result_package_id.id != package_id
            )
        if "quantity" in vals:
            return self.filtered(
                lambda line: line.result_package_id and vals["quantity"] > line.quantity
            )
        return self.browse()

    def _oms_filter_packable(self):
        """Lines whose packages count; packing transfers count by themselves."""
        return self.filtered(
            lambda line: line.move_id.picking_type_id.oms_step in ("pick", "ship")
        )

    def _oms_filter_packed(self):
        return self._oms_filter_packable().filtered(
            lambda line: (
                line.result_package_id and line.result_package_id != line.package_id
            )
        )
