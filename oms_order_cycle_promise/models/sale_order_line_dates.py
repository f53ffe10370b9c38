"""Lines whose dates are ours: which, when they are made, what is kept of them."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL

from ..atp.levels import TINY
from ..tools.plan import Plan
from ..tools.planner import Planner

#: What is written where a line asks for something else.
_WANTED = frozenset(
    ("product_id", "product_uom_id", "product_uom_qty", "route_ids", "warehouse_id")
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_plan = fields.Json(
        string="Dates Promised",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="When the goods leave and arrive, in parts, and why then.",
    )
    oms_shown_plan = fields.Json(
        string="Dates Shown",
        compute="_compute_oms_shown_plan",
        compute_sudo=True,
        groups=INTERNAL,
        help="The dates promised. On a quotation: if it were confirmed now.",
    )
    oms_ship_date = fields.Date(
        string="Ships On",
        compute="_compute_oms_dates",
        compute_sudo=True,
        search="_search_oms_ship_date",
        groups=INTERNAL,
        help="Local day of the warehouse on which the last of it leaves. On a"
        " quotation: if it were confirmed now.",
    )
    oms_promise_date = fields.Date(
        string="Arrives On",
        compute="_compute_oms_dates",
        compute_sudo=True,
        search="_search_oms_promise_date",
        groups=INTERNAL,
        help="Local day of the delivery address on which the last of it arrives. On a"
        " quotation: if it were confirmed now.",
    )

    @api.model
    def _oms_get_guarded_fields(self):
        return super()._oms_get_guarded_fields() | {"oms_plan"}

    # -- what is shown ----------------------------------------------------------------

    @api.depends(
        "oms_plan",
        "order_id.carrier_id",
        "order_id.commitment_date",
        "order_id.oms_channel_id",
        "order_id.partner_shipping_id",
        "order_id.picking_policy",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "route_ids",
        "state",
        "warehouse_id",
    )
    def _compute_oms_shown_plan(self):
        drafts = self.filtered(lambda line: line.state in ("draft", "sent"))
        previews = drafts.order_id.order_line._oms_preview_plans()
        for line in self:
            if line in drafts:
                plan = previews.get(line)
                line.oms_shown_plan = plan and plan.dump()
            else:
                line.oms_shown_plan = line.state == "sale" and line.oms_plan

    @api.depends("oms_shown_plan")
    def _compute_oms_dates(self):
        plans = self._oms_get_plans()
        for line in self:
            plan = plans.get(line)
            line.oms_ship_date = plan.ship if plan else False
            line.oms_promise_date = plan.arrive if plan else False

    def _oms_get_plans(self):
        """When the goods of lines leave and arrive; of quotations, if they were
        confirmed now.

        :return: ``{line: Plan}``; lines whose dates are Odoo's are left out
        """
        return {
            line: Plan.load(line.oms_shown_plan) for line in self if line.oms_shown_plan
        }

    def _oms_preview_plans(self):
        """The dates of quotations, each as if it were the only one; nothing is kept."""
        lines = self._oms_filter_datable()
        if not lines:
            return {}
        planner = Planner(self.env)
        levels = planner.read_levels(lines)
        plans = {}
        for same in lines.grouped("order_id").values():
            left = {pair: level.clone() for pair, level in levels.items()}
            plans.update(planner.plan(same, left))
        return plans

    @api.model
    def _search_oms_ship_date(self, operator, value):
        return self._oms_search_plan(1, operator, value)

    @api.model
    def _search_oms_promise_date(self, operator, value):
        return self._oms_search_plan(2, operator, value)

    @api.model
    def _oms_search_plan(self, place, operator, value):
        """Confirmed lines by the last date of their plan.

        :param int place: of the date in a part
        """
        last = SQL(
            "(SELECT MAX(part ->> %s) FROM jsonb_array_elements(oms_plan -> 'parts')"
            " AS part WHERE (oms_plan ->> 'missing')::float = 0)",
            place,
        )
        if operator in ("in", "not in"):
            days = [fields.Date.to_string(day) for day in value if day]
            found = SQL("%s = ANY(%s)", last, days)
            if False in value:
                found = SQL("(%s OR %s IS NULL)", found, last)
            where = SQL("NOT (%s)", found) if operator == "not in" else found
        elif operator in ("<", "<=", ">", ">="):
            day = fields.Date.to_string(fields.Date.to_date(value))
            where = SQL("%s %s %s", last, SQL(operator), day)
        else:
            return NotImplemented
        self.flush_model(["oms_plan", "state"])
        found = SQL(
            "(SELECT id FROM sale_order_line WHERE state = 'sale' AND %s)", where
        )
        return [("id", "in", found)]

    # -- which lines ------------------------------------------------------------------

    def _oms_filter_datable(self):
        """Lines of goods that leave a warehouse which promises dates, by way of its
        stock. Kits, and what is bought or made for the order, have Odoo's dates."""
        promising = self.env["stock.warehouse"]._oms_get_promising()
        if not promising:
            return self.browse()
        return self.filtered(
            lambda line: (
                line.warehouse_id.id in promising
                and not line.display_type
                and line.product_id.type == "consu"
                and line.product_uom_qty > 0
                and not line.is_downpayment
                and not line.is_delivery
                and not line.route_ids
                and not ("is_kits" in line.product_id and line.product_id.is_kits)
                and not line.is_mto
            )
        )

    def _oms_get_product_quantity(self):
        """What is ordered, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id
        )

    def _oms_get_open_quantity(self):
        """What is still to be delivered, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            max(self.product_uom_qty - self.qty_delivered, 0.0), self.product_id.uom_id
        )

    def _oms_get_sources(self):
        """Where what is still to be delivered leaves from: where its transfers do, the
        rest from the warehouse of the line.

        :return: ``{warehouse: quantity in the product's unit}``
        """
        self.ensure_one()
        left = self._oms_get_open_quantity()
        sources = {}
        for move in self.move_ids:
            source, target = move._oms_get_warehouses()
            if (
                move.state not in ("done", "cancel")
                and move.product_id == self.product_id
                and source
                and source != target
            ):
                sources[source] = sources.get(source, 0.0) + move.product_qty
                left -= move.product_qty
        if left > TINY:
            sources[self.warehouse_id] = sources.get(self.warehouse_id, 0.0) + left
        return sources

    def _oms_get_unprocured_quantity(self):
        """What the warehouse was not asked for yet, in the product's unit."""
        self.ensure_one()
        asked = self._get_qty_procurement() if self.state == "sale" else 0.0
        return self.product_uom_id._compute_quantity(
            max(self.product_uom_qty - asked, 0.0), self.product_id.uom_id
        )

    # -- when dates are made ----------------------------------------------------------

    def _oms_after_create(self):
        self._oms_plan_kept()
        return super()._oms_after_create()

    def _oms_after_write(self, vals):
        if not _WANTED.isdisjoint(vals):
            self._oms_plan_kept()
        return super()._oms_after_write(vals)

    def _oms_plan_kept(self):
        """What is kept for quotations is what they ask for."""
        orders = self.sudo().order_id.filtered(
            lambda order: order.oms_kept_until and order.state in ("draft", "sent")
        )
        if orders:
            orders._oms_plan_kept()

    def _oms_before_launch(self):
        if not self.env.context.get("skip_procurement"):
            self.filtered(lambda line: line.state == "sale")._oms_promise()
        return super()._oms_before_launch()

    def _oms_after_launch(self):
        res = super()._oms_after_launch()
        self.sudo()._oms_follow_sources()
        return res

    def _oms_follow_sources(self):
        """Lines that leave from other warehouses than was thought: promise anew."""
        moved = self.filtered(
            lambda line: (
                line.state == "sale"
                and line.oms_plan
                and not Plan.load(line.oms_plan).warehouse_ids.issuperset(
                    warehouse.id for warehouse in line._oms_get_sources()
                )
            )
        )._oms_filter_datable()
        if moved:
            moved._oms_lock_goods()
            moved._oms_promise_anew()

    def _oms_promise(self):
        """Promise dates for what is new or more, and stand by the others.

        Also where nothing is new the goods are locked: Odoo reserves more than there is
        when two do it at once.
        """
        lines = self.sudo()._oms_filter_datable()
        if not lines:
            return
        lines._oms_lock_goods()
        new, less = lines.browse(), {}
        for line in lines:
            plan = line.oms_plan and Plan.load(line.oms_plan)
            quantity = line._oms_get_product_quantity()
            if not plan or line._oms_is_other_want(plan, quantity):
                new |= line
            elif quantity < plan.quantity - TINY:
                less[line] = plan.cut(quantity, line._oms_get_open_quantity())
        lines._oms_keep_plans(less)
        new._oms_promise_anew()

    def _oms_is_other_want(self, plan, quantity):
        self.ensure_one()
        return (
            plan.product_id != self.product_id.id
            or plan.warehouse_id != self.warehouse_id.id
            or quantity > plan.quantity + TINY
        )

    def _oms_lock_goods(self):
        """Nobody else promises or reserves the goods of lines until the transaction
        ends."""
        self.env["oms.promise.key"]._lock(
            (line.product_id.id, warehouse.id)
            for line in self
            if line.product_id.is_storable
            for warehouse in (line.warehouse_id, *line._oms_get_sources())
        )

    def _oms_promise_anew(self):
        """The first dates that can be kept now; the goods are locked."""
        lines = self.filtered(lambda line: line._oms_get_open_quantity() > 0)
        if not lines:
            return
        planner = Planner(self.env)
        plans = planner.plan(lines, planner.read_levels(lines))
        lines._oms_keep_plans(plans)
        lines.order_id._oms_follow_promises(plans)

    @api.model
    def _oms_keep_plans(self, plans):
        """Write plans in one statement; None empties them."""
        if not plans:
            return
        lines = self.browse(line.id for line in plans)
        lines.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order_line line
                   SET oms_plan = plan.value
                  FROM unnest(%s, %s::jsonb[]) AS plan (id, value)
                 WHERE line.id = plan.id
                """,
                lines.ids,
                [
                    fields.Json().convert_to_column(plan.dump(), line) if plan else None
                    for line, plan in plans.items()
                ],
            )
        )
        lines.invalidate_recordset(["oms_plan"], flush=False)
        lines.modified(["oms_plan"])

    # -- what is said -----------------------------------------------------------------

    def _oms_get_promises(self):
        promises = super()._oms_get_promises()
        for line in self:
            plan = line in promises and line.oms_plan and Plan.load(line.oms_plan)
            if not plan:
                continue
            if plan.arrive:
                promises[line] = line._oms_prepare_plan_promise(plan)
            else:
                # there is no day on which it could be kept
                del promises[line]
        return promises

    def _oms_prepare_plan_promise(self, plan):
        """What the ledger says of a plan."""
        self.ensure_one()
        return {
            "promised_date": self.order_id._oms_get_day_end(plan.arrive),
            "ship_date": self.warehouse_id._oms_get_departure(plan.ship),
        }

    def _oms_set_deadlines(self, plans):
        """Deadlines of open transfers, all steps, are what was promised."""
        for line, plan in plans.items():
            moves = line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move._oms_get_direction() == "bound"
                )
            )
            if moves and plan and plan.arrive:
                said = line._oms_prepare_plan_promise(plan)
                moves.write(
                    {
                        "date": said["ship_date"],
                        "date_deadline": said["promised_date"],
                    }
                )

    def _oms_adjust_procurement_values(self, values):
        if self.oms_plan and self.company_id.oms_promise_sets_dates:
            plan = Plan.load(self.oms_plan)
            if plan.arrive:
                said = self._oms_prepare_plan_promise(plan)
                values["date_deadline"] = said["promised_date"]
                values["date_planned"] = said["ship_date"]
        return super()._oms_adjust_procurement_values(values)
