from odoo import models


class StockPicking(models.Model):
    """What was packed in the end, beside what was planned."""

    _inherit = "stock.picking"

    def _oms_close_plans(self):
        """What was packed is known now: compare it with what was planned."""
        plans = self.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "offered", "applied", "failed")
        )
        if not plans and not self.sudo().oms_pack_plan_ids:
            return
        # what the background has packed by now
        plans._end_applying()
        open_plans = plans.filtered(
            lambda plan: plan.state != "applied" and plan.picking_id.state == "done"
        )
        for plan in open_plans:
            plan.picking_id._oms_note_packed_otherwise(plan)
        open_plans.filtered(
            lambda plan: plan.state in ("proposed", "offered", "failed")
        ).state = "superseded"
        done = self.filtered(lambda picking: picking.state == "done")
        self.env["stock.package"]._oms_weigh_noted()
        done.oms_pack_plan_ids._note_packed()

    def _oms_note_packed_otherwise(self, plans):
        """Goods of a proposed plan went into other packages: that is an override."""
        self.ensure_one()
        packages = self._oms_get_made_packages()
        packages -= self.sudo().oms_pack_plan_ids.box_ids.package_id
        known = self.oms_pack_plan_ids.filtered(lambda plan: plan.state == "overridden")
        if packages and not known:
            plans.filtered(lambda plan: plan.state == "proposed")._mark_overridden(
                self.env._("Packed with Put in Pack, not as planned")
            )

    def _oms_get_made_packages(self):
        """Packages made with these transfers; not those that stood in stock."""
        lines = self.move_line_ids.filtered(
            lambda line: line.state != "cancel" and line.quantity > 0
        )
        return lines._oms_filter_new_in_package().result_package_id

    def _oms_get_used_packages(self):
        """Packages the goods of this transfer were put into."""
        return self.move_line_ids.filtered(
            lambda line: line.state != "cancel" and line.quantity > 0
        ).result_package_id
