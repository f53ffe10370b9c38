from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import INTERNAL
from ...tools.packer.contents import Collector, Job, count_units
from ...tools.packer.planner import Packer

#: Seconds for one plan when somebody asked for it.
WAIT_DEADLINE = 3
#: Transfers chosen in a list that are planned while the user waits.
WAIT_MAX = 100


class StockPicking(models.Model):
    _inherit = "stock.picking"

    oms_pack_plan_ids = fields.One2many(
        "oms.pack.plan",
        "picking_id",
        string="Packing Plans",
        copy=False,
        groups=INTERNAL,
    )
    oms_pack_plan_id = fields.Many2one(
        "oms.pack.plan",
        string="Packing Plan",
        compute="_compute_oms_pack_plan_id",
        compute_sudo=True,
        help="The plan that is proposed or was applied.",
        groups=INTERNAL,
    )
    oms_pack_state = fields.Selection(
        selection=lambda self: self.env["oms.pack.plan"]._fields["state"].selection,
        string="Packing Plan Status",
        compute="_compute_oms_pack_plan_id",
        compute_sudo=True,
        groups=INTERNAL,
    )
    oms_pack_summary = fields.Char(
        string="Packing",
        compute="_compute_oms_pack_plan_id",
        compute_sudo=True,
        groups=INTERNAL,
    )
    oms_pack_note = fields.Char(
        string="Being Packed",
        compute="_compute_oms_pack_note",
        compute_sudo=True,
        help="Who packs by the plan at this moment, and what was planned meanwhile.",
        groups=INTERNAL,
    )
    oms_is_packing = fields.Boolean(
        compute="_compute_oms_is_packing",
        help="Goods are packed with this transfer.",
        groups=INTERNAL,
    )

    oms_can_pack = fields.Boolean(
        compute="_compute_oms_can_pack",
        help="There are cartons, and this transfer is packed with them.",
        groups=INTERNAL,
    )

    oms_is_to_pack = fields.Boolean(
        compute="_compute_oms_is_to_pack",
        groups=INTERNAL,
        help="Goods are there that are to be packed, and are in no package.",
    )
    oms_pack_card = fields.Char(
        string="Boxes",
        compute="_compute_oms_pack_card",
        compute_sudo=True,
        groups=INTERNAL,
        help="How many boxes, by which delivery method.",
    )

    @api.depends("oms_pack_plan_ids.state")
    @api.depends_context("lang")
    def _compute_oms_pack_plan_id(self):
        order = {"proposed": 0, "applied": 1, "failed": 2}
        self._oms_read_plans(order)
        all_plans = self.oms_pack_plan_ids
        for picking in self:
            plans = picking.oms_pack_plan_ids.filtered(lambda plan: plan.state in order)
            current = plans.sorted(lambda plan: (order[plan.state], -plan.id))[:1]
            picking.oms_pack_plan_id = current
            picking.oms_pack_state = current.state
            # packed in rounds: what is packed, then what is still to be packed
            rounds = plans.filtered(lambda plan: plan.state == "applied") | current
            words = [
                plan._get_summary()
                for plan in rounds.sorted("id").with_prefetch(all_plans._ids)
            ]
            if current.state == "applied" and picking._oms_has_loose_goods():
                words.append(self.env._("not everything is packed yet"))
            picking.oms_pack_summary = "; ".join(words) or False

    def _oms_read_plans(self, states):
        """Read what the words on plans are made of for all transfers at once: a list
        shows many."""
        plans = self.oms_pack_plan_ids.filtered(lambda plan: plan.state in states)
        plans.mapped("billable_label")
        boxes = plans.box_ids
        boxes.mapped("is_own_carton")
        boxes.package_id.mapped("oms_billable_label")
        boxes.package_id.package_type_id.mapped("name")
        own = boxes.filtered("is_own_carton").line_ids
        own.mapped("quantity")
        own.product_id.mapped("display_name")

    @api.depends("oms_pack_plan_ids.in_hand_note", "oms_pack_plan_ids.offer_note")
    @api.depends_context("lang")
    def _compute_oms_pack_note(self):
        self.oms_pack_plan_ids.mapped("in_hand_note")
        for picking in self:
            plan = picking.oms_pack_plan_id
            notes = filter(None, (plan.in_hand_note, plan.offer_note))
            picking.oms_pack_note = "; ".join(notes) or False

    @api.depends("picking_type_id.oms_step", "return_id", "location_id", "state")
    def _compute_oms_is_packing(self):
        packing = self._oms_filter_packing()
        for picking in self:
            picking.oms_is_packing = picking in packing

    @api.depends("oms_is_packing", "oms_pack_state")
    def _compute_oms_can_pack(self):
        ready = self.env["stock.package.type"]._oms_is_packing_set_up()
        for picking in self:
            picking.oms_can_pack = picking.oms_is_packing and bool(
                ready or picking.oms_pack_state
            )

    @api.depends("oms_can_pack", "state", "move_line_ids.result_package_id")
    def _compute_oms_is_to_pack(self):
        for picking in self:
            picking.oms_is_to_pack = (
                picking.oms_can_pack
                and picking.state == "assigned"
                and picking._oms_has_loose_goods()
            )

    @api.depends("oms_pack_plan_ids.state", "carrier_id")
    @api.depends_context("lang")
    def _compute_oms_pack_card(self):
        for picking in self:
            count = picking.oms_pack_plan_id.box_count
            boxes = ""
            if count:
                boxes = self.env._("1 box") if count == 1 else ""
                boxes = boxes or self.env._("%s boxes", count)
            elif picking.oms_pack_state == "failed":
                boxes = self.env._("no plan")
            carrier = picking._oms_get_pack_carrier().name
            picking.oms_pack_card = ", ".join(filter(None, (boxes, carrier))) or False

    def _oms_after_write(self, vals, memo):
        if "carrier_id" in vals:
            self._oms_note_new_carrier()
        return super()._oms_after_write(vals, memo)

    def _oms_has_loose_goods(self):
        """Whether goods of an open transfer are in no package."""
        self.ensure_one()
        return self.state not in ("done", "cancel") and any(
            line.quantity > 0 and not line.result_package_id
            for line in self.move_line_ids
        )

    @api.model
    def get_empty_list_help(self, help_message):
        """Our lists say themselves what comes there, where Odoo's speak of barcodes."""
        if self.env.context.get("oms_own_help"):
            return help_message
        return super().get_empty_list_help(help_message)

    # -- what is to be packed ---------------------------------------------------------

    def _oms_filter_packing(self):
        """Transfers with which goods are packed: at the packing step, or when shipping
        in warehouses without one. Goods that come back are not."""
        return self.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel", "draft")
                and not picking.return_id
                and picking.location_id.usage != "customer"
                and picking.picking_type_id._oms_packs_here()
            )
        )

    def _oms_get_loose_lines(self):
        """Move lines that are in no package yet; only picked ones if any is picked."""
        lines = self.move_line_ids.filtered(
            lambda line: (
                line.state not in ("done", "cancel") and line.product_id.type == "consu"
            )
        )
        if any(lines.mapped("picked")):
            lines = lines.filtered("picked")
        return lines.filtered(
            lambda line: not line.result_package_id and line.quantity > 0
        )

    def _oms_get_loose_quantities(self):
        """``{product: quantity}`` there to pack, in the product's unit."""
        self.ensure_one()
        found = defaultdict(float)
        for line in self._oms_get_loose_lines():
            found[line.product_id] += line.quantity_product_uom
        return dict(found)

    def _oms_get_contents(self, here=False):
        """What is to be packed.

        :param bool here: only what is reserved or picked; otherwise what is asked for
            counts as long as nothing has been picked
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel", "draft")
                and move.product_id.type == "consu"
                and move.location_dest_id.usage != "inventory"
            )
        )
        lines = self.move_line_ids
        picked = any(lines.mapped("picked"))
        loose = defaultdict(float)
        packed = defaultdict(float)
        for line in lines:
            if line.result_package_id:
                packed[line.move_id] += line.quantity_product_uom
            elif line.picked or not picked:
                loose[line.move_id] += line.quantity_product_uom
        collector = Collector()
        for move in moves:
            quantity = loose[move]
            if not (here or picked):
                quantity = max(quantity, move.product_qty - packed[move])
            if move.product_id.uom_id.compare(quantity, 0) > 0:
                product = move.product_id
                uoms = product._oms_get_packing_uoms()
                uoms |= move.product_uom | move.packaging_uom_id
                value = move._oms_get_unit_value()
                collector.add(product.id, quantity, uoms.ids, value)
        return collector.contents()

    def _oms_get_pack_carrier(self):
        """The carrier of the transfer; of its order before the last step has it."""
        self.ensure_one()
        picking = self.sudo()
        return picking.carrier_id or picking.sale_id.carrier_id

    def _oms_get_pack_job(self, here=False):
        self.ensure_one()
        contents = self._oms_get_contents(here)
        carrier = self._oms_get_pack_carrier()
        return Job(
            contents,
            carrier.id or False,
            self.company_id.id,
            self._oms_get_ship_date(),
            self.picking_type_id.warehouse_id.id or False,
            carrier._oms_get_order_values(self.sudo().sale_id, count_units(contents)),
        )

    def _oms_get_ship_date(self):
        """The day the carrier gets the goods, not before today, where the user is.

        A step before the last knows only its own day: the order's is taken.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        order = self.sudo().sale_id
        planned = None
        if order and self.picking_type_id.oms_step != "ship":
            planned = order._oms_get_ship_date()
        if not planned and self.scheduled_date:
            planned = fields.Date.context_today(self, self.scheduled_date)
        return max(planned or today, today)

    def _oms_check_can_pack(self):
        """Packing is work of the warehouse: salesmen may write transfers, too."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Only users of the inventory can plan packing and pack.")
            )

    # -- planning -----------------------------------------------------------------

    def action_oms_plan_packing(self):
        """Plan the cartons of transfers, many at once; equal contents are solved once.

        Plans that are proposed are replaced; what is in packages already stays.
        Transfers with which nothing is packed are passed over.

        :return: action that shows the plans; ``False`` for no transfers at all
        :raise UserError: if there is nothing to plan with any of them, or no carton
        """
        if not self:
            return False
        self._oms_check_can_pack()
        pickings = self._oms_filter_packing()
        jobs = {picking: picking._oms_get_pack_job() for picking in pickings}
        jobs = {picking: job for picking, job in jobs.items() if job.contents}
        if not jobs:
            raise UserError(
                self.env._(
                    "There is nothing to plan: only open transfers with goods that are"
                    " not in a package yet are packed, at the packing step or, in"
                    " warehouses without one, when shipping."
                )
            )
        if not self.env["stock.package.type"]._oms_is_packing_set_up():
            raise UserError(
                self.env._(
                    "There is no carton to plan with. Under Order Cycle > Warehouse >"
                    " Cartons, give the package types you use an inner size."
                )
            )
        packer = Packer(self.env, deadline=WAIT_DEADLINE)
        plans = self.env["oms.pack.plan"]._make(jobs, packer)
        return plans.with_env(self.env)._get_action()

    def action_oms_plan_packing_list(self):
        """From a list: a few at once, many in the background."""
        if len(self) <= WAIT_MAX:
            return self.action_oms_plan_packing()
        self._oms_check_can_pack()
        run = self.env["oms.pack.run"]._start(self)
        return run._get_action()

    def action_oms_pack(self):
        """Open the packing bench for these transfers."""
        self._oms_check_can_pack()
        return self.env["oms.pack.wizard"]._open(self)

    def action_oms_print_labels(self):
        """Print the labels of the packages that goods were put into."""
        packages = self.move_line_ids._oms_filter_new_in_package().result_package_id
        if not packages:
            raise UserError(self.env._("There is no package yet. Press Pack first."))
        report = self.env.ref("oms_order_cycle.oms_package_label_report")
        return report.report_action(packages, config=False)

    def action_oms_view_plans(self):
        """Show all packing plans of the transfer, the current ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_pack_plan_action"
        )
        action.update(
            domain=[("picking_id", "=", self.id)], context={"search_default_current": 1}
        )
        if len(self.oms_pack_plan_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.oms_pack_plan_ids.id)
        return action

    # -- in the flow --------------------------------------------------------------

    def _action_done(self):
        if not self:
            return super()._action_done()
        in_use = self.env["oms.pack.plan"]._is_in_use()
        open_moves = in_use and self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        on_pallets = self._oms_filter_on_pallets()
        res = super()._action_done()
        on_pallets._oms_weigh_shipped()
        if in_use:
            self._oms_close_plans()
            following = open_moves.exists().move_dest_ids.picking_id
            (following | self.backorder_ids)._oms_plan_automatically()
        self._oms_deduct_cartons()
        return res

    def action_cancel(self):
        res = super().action_cancel()
        self.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "offered", "failed", "applied")
        ).state = "superseded"
        return res
