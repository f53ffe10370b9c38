"""The warehouses: goods are picked, packed, shipped, delivered and taken back."""

from odoo.fields import Command

from .book import Desk
from .packing import PackingDesk


class WarehouseDesk(Desk):
    """Does what a transfer asks for."""

    def __init__(self, book):
        super().__init__(book)
        self.packing = PackingDesk(book.world)

    def _validate(self, pickings):
        """Press Validate; what was not picked becomes a backorder."""
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
        stuck = pickings.filtered(lambda picking: picking.state != "done")
        if stuck:
            raise ValueError(f"Not validated: {stuck.mapped('name')}")

    def pick(self, plans):
        """Pick in the three-step warehouse; some lines come short."""
        goers = [plan for plan in plans if not plan.one_step and plan.has("picked")]
        pickings = self.book.open_pickings(goers, self.book.rot.pick_type_id)
        self._cut_short(goers, self.book.rot.pick_type_id)
        self._validate(pickings)
        batch = self.book.open_pickings(
            [plan for plan in plans if plan.twist == "batch"],
            self.book.rot.pick_type_id,
        )
        if batch:
            self.env["stock.picking.batch"].create(
                {
                    "picking_ids": [Command.set(batch.ids)],
                    "user_id": self.refs["user_picker"].id,
                    "company_id": self.company.id,
                }
            ).action_confirm()

    def _cut_short(self, plans, picking_type):
        for plan in plans:
            if plan.reach != "partial" and plan.twist != "short":
                continue
            pickings = self.book.open_pickings([plan], picking_type)
            move = pickings.move_ids[:1]
            if len(pickings.move_ids) > 2:
                move.quantity = 0
            else:
                move.quantity = move.product_uom_qty // 2

    def pack(self, plans):
        """Put the goods into cartons or on pallets."""
        goers = [plan for plan in plans if not plan.one_step and plan.has("packed")]
        pickings = self.book.open_pickings(goers, self.book.rot.pack_type_id)
        self.packing.pack(pickings)
        self._validate(pickings)

    def ship(self, plans):
        """Hand over to the carrier, or let the truck leave."""
        goers = [plan for plan in plans if plan.has("shipped")]
        local = self.book.open_pickings(
            [plan for plan in goers if plan.one_step], self.book.vnl.out_type_id
        )
        self._cut_short([p for p in goers if p.one_step], self.book.vnl.out_type_id)
        self.packing.pack(local)
        pickings = local | self.book.open_pickings(
            [plan for plan in goers if not plan.one_step], self.book.rot.out_type_id
        )
        for number, picking in enumerate(pickings):
            if picking.carrier_id in (
                self.refs["carrier_parcel"] | self.refs["carrier_europe"]
            ):
                picking.carrier_tracking_ref = f"MWP{picking.id:06}{number % 97:02}NL"
        self._validate(pickings)
        # short-closed: nobody waits for the rest any more
        closed = [
            plan for plan in plans if plan.twist == "short" and plan.has("shipped")
        ]
        self.book.orders(closed).picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()

    def deliver(self, plans):
        """Record the arrival."""
        self.book.outgoing(
            [plan for plan in plans if plan.has("delivered")]
        ).action_oms_mark_delivered()

    def take_back(self, plans):
        """Some of the goods of a few orders come back."""
        for plan in plans:
            if plan.twist not in ("refund", "return"):
                continue
            picking = self.book.outgoing([plan])[:1]
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            line = wizard.product_return_moves[0]
            line.quantity = max(line.move_id.quantity // 4, 1)
            self._validate(wizard._create_return())
