"""Transfers as the lists of the day: to pick, to ship, on the road."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import INTERNAL


class StockPicking(models.Model):
    _inherit = "stock.picking"

    oms_is_my_warehouse = fields.Boolean(
        string="My Warehouse",
        compute="_compute_oms_is_my_warehouse",
        search="_search_oms_is_my_warehouse",
        groups=INTERNAL,
        help="It is of the warehouse that the user has as default.",
    )

    @api.depends("picking_type_id.warehouse_id")
    @api.depends_context("company", "uid")
    def _compute_oms_is_my_warehouse(self):
        mine = self.env.user.property_warehouse_id
        for picking in self:
            warehouse = picking.picking_type_id.warehouse_id
            # who has no default works in all of them
            picking.oms_is_my_warehouse = not mine or warehouse == mine

    @api.model
    def _search_oms_is_my_warehouse(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.env.user.property_warehouse_id
        domain = Domain("picking_type_id.warehouse_id", "=", mine.id) if mine else []
        return Domain(domain) if True in value else ~Domain(domain)

    @api.model
    def _oms_get_ready_domain(self, step):
        """Transfers of a step whose goods are there.

        :param str step: ``pick``, ``pack`` or ``ship``
        """
        return Domain("state", "=", "assigned") & Domain(
            "picking_type_id.oms_step", "=", step
        )

    @api.model
    def _oms_get_on_the_road_domain(self):
        """Deliveries that have left, of orders that wait for somebody to say that they
        arrived."""
        order = (
            Domain("oms_cycle_state", "=", "open")
            & Domain("oms_delivered_at", "=", False)
            & Domain("oms_workflow_id.stage_ids.milestone", "=", "delivered")
        )
        return (
            Domain("state", "=", "done")
            & Domain("oms_delivered_at", "=", False)
            & Domain("picking_type_id.code", "=", "outgoing")
            & Domain("sale_id", "any", order)
        )
