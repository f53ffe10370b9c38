"""Holds hold: what is written on documents is no way round them."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestHoldGuards(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.create_user(
            "oms_worker",
            "stock.group_stock_manager,sales_team.group_sale_manager,"
            "account.group_account_invoice",
        )
        cls.held, cls.free = (cls.create_order() for _n in range(2))
        cls.place_hold(cls.held)
        cls.env.flush_all()

    def refuse(self, function, words="Something Odd"):
        """Refused, and the error names the hold."""
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            function()
            self.env.flush_all()
        self.env.invalidate_all()

    def work(self, record):
        return record.with_user(self.worker).with_context(
            skip_backorder=True, skip_sms=True
        )

    # -- the order line of a move -----------------------------------------------

    def test_moves_stay_with_their_order(self):
        for steps in ("ship_only", "pick_pack_ship"):
            self.set_steps(steps)
            held = self.create_order()
            self.place_hold(held)
            moves = self.work(held.picking_ids.move_ids)
            for line_id in (False, self.free.order_line.id):
                for record in (moves, moves.sudo()):
                    self.refuse(
                        lambda r=record, v=line_id: r.write({"sale_line_id": v})
                    )
            self.refuse(
                lambda m=moves: m.picking_id.write(
                    {
                        "move_ids": [
                            Command.update(m.id, {"sale_line_id": False}),
                        ]
                    }
                )
            )
            self.refuse(
                lambda h=held: self.work(h.order_line).write(
                    {"move_ids": [Command.set([])]}
                )
            )
            self.refuse(lambda m=moves: m.picking_id.write({"sale_id": self.free.id}))
            # the same value is no change
            moves.write({"sale_line_id": held.order_line.id})
            held.oms_hold_ids.action_lift()
            moves.write({"sale_line_id": False})

    def test_server_action_is_no_way_round(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Detach",
                "model_id": self.env["ir.model"]._get_id("stock.move"),
                "state": "code",
                "code": "records.write({'sale_line_id': False})",
            }
        )
        moves = self.held.picking_ids.move_ids
        self.refuse(
            action.with_context(
                active_model="stock.move", active_ids=moves.ids, active_id=moves.id
            ).run
        )

    def test_held_order_gets_no_goods_that_left_without_it(self):
        self.validate(self.free.picking_ids)
        moves = self.work(self.free.picking_ids.move_ids)
        line_id = self.held.order_line.id
        self.refuse(lambda: moves.write({"sale_line_id": line_id}))

    def test_lines_stay_with_their_order(self):
        self.refuse(
            lambda: self.held.order_line.sudo().write({"order_id": self.free.id})
        )

    # -- calling it done --------------------------------------------------------

    def test_done_is_not_written(self):
        moves = self.work(self.held.picking_ids.move_ids)
        self.refuse(lambda: moves.write({"state": "done", "quantity": 10}))
        self.refuse(lambda: moves.write({"state": "done"}))
        self.refuse(lambda: moves.picking_id.write({"state": "done"}))
        self.refuse(lambda: moves.copy({"state": "done", "picked": True}))
        self.refuse(
            lambda: (
                moves.sudo()._action_done()
                if moves.write({"quantity": 10, "picked": True})
                else None
            )
        )
        self.assertFalse(self.held.oms_shipped_at)
        both = self.work((self.held + self.free).picking_ids)
        self.refuse(both.button_validate)
        # what is not held goes on
        self.validate(self.free.picking_ids)
        self.assertTrue(self.free.oms_shipped_at)

    def test_batch_is_no_way_round(self):
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((self.held + self.free).picking_ids.ids)]}
        )
        batch.action_confirm()
        self.refuse(self.work(batch).action_done)

    # -- another way for the goods ----------------------------------------------

    def test_goods_go_where_they_were_to_go(self):
        moves = self.work(self.held.picking_ids.move_ids)
        self.validate(self.free.picking_ids)
        scrap = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        # no return: its goods go to the customer
        moves.write({"origin_returned_move_id": self.free.picking_ids.move_ids.id})
        self.refuse(self.work(moves.picking_id).button_validate)
        for values in (
            {"location_dest_id": scrap.id, "location_final_id": scrap.id},
            {
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            },
        ):
            with self.subTest(values=values):
                self.refuse(lambda values=values: moves.write(values))
        # bound for the customer all the same, and stopped
        moves.picking_id.write({"location_dest_id": scrap.id})
        self.refuse(self.work(moves.picking_id).button_validate)
        # the customer's other address is no way out of the hold
        moves.write({"location_dest_id": moves.location_dest_id.id})

    def test_into_a_foreign_transfer(self):
        """Wherever the move is, it stays stopped."""
        other = self.create_order()
        moves = self.work(self.held.picking_ids.move_ids)
        moves.write({"picking_id": other.picking_ids.id})
        other.picking_ids.move_ids.write({"quantity": 10, "picked": True})
        self.refuse(self.work(other.picking_ids).button_validate)
        self.warehouse.int_type_id.oms_step = False
        internal = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        self.refuse(
            lambda: moves.write(
                {
                    "picking_id": internal.id,
                    "picking_type_id": internal.picking_type_id.id,
                    "location_dest_id": internal.location_dest_id.id,
                    "location_final_id": internal.location_dest_id.id,
                }
            )
        )

    def test_goods_added_to_a_held_transfer(self):
        """A line without an order in the order's own transfer: Odoo would make a line
        of the order of it, once it has left."""
        picking = self.held.picking_ids
        extra = self.env["stock.move"].create(
            {
                "product_id": self.product_b.id,
                "product_uom_qty": 3,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        extra._action_confirm(merge=False)
        extra.write({"quantity": 3, "picked": True})
        picking.move_ids.filtered("sale_line_id").picked = False
        self.refuse(self.work(picking).button_validate)
        self.held.oms_hold_ids.action_lift()
        self.work(picking).button_validate()
        self.assertEqual(extra.state, "done")

    # -- correcting what is done ------------------------------------------------

    def ship_partly(self):
        order = self.create_order()
        self.validate(order.picking_ids, {self.product_a: 4})
        self.place_hold(order)
        return order, order.picking_ids.move_ids.filtered(lambda m: m.state == "done")

    def pick_of_order_held_for_shipping(self):
        """A transfer that may be done, of an order that must not leave."""
        self.set_steps("pick_pack_ship")
        order = self.create_order()
        late = self.create_hold_type(
            "Not Out", block_release=False, block_ship=True, block_invoice=False
        )
        self.place_hold(order, late)
        pick = self.work(
            order.picking_ids.filtered(lambda p: p.picking_type_id.oms_step == "pick")
        )
        pick.move_ids.write({"quantity": 10, "picked": True})
        return pick, self.env.ref("stock.stock_location_customers")

    def test_lines_leave_no_house_that_their_move_does_not_leave(self):
        pick, customers = self.pick_of_order_held_for_shipping()
        pick.move_line_ids.location_dest_id = customers
        self.refuse(pick.button_validate, "Not Out")
        pick.move_line_ids.location_dest_id = pick.location_dest_id
        pick.button_validate()
        self.assertEqual(pick.state, "done")
        line = pick.move_line_ids
        self.refuse(lambda: line.write({"location_dest_id": customers.id}), "Not Out")

    def test_no_more_by_a_correction(self):
        order, done = self.ship_partly()
        line = self.work(done.move_line_ids)
        stock = self.product_a.with_context(location=self.warehouse.lot_stock_id.id)
        before = stock.qty_available
        values = {
            "product_id": self.product_a.id,
            "quantity": 6,
            "location_id": line.location_id.id,
            "location_dest_id": line.location_dest_id.id,
        }
        lines = self.work(self.env["stock.move.line"])
        open_line = order.picking_ids.move_line_ids.filtered(
            lambda x: x.state != "done"
        )
        self.refuse(lambda: line.write({"quantity": 10}))
        self.refuse(lambda: line.write({"product_uom_id": self.dozen.id}))
        elsewhere = line.location_dest_id.copy({"name": "OMS Elsewhere"})
        self.refuse(
            lambda: line.write({"quantity": 3, "location_dest_id": elsewhere.id})
        )
        self.refuse(lambda: self.work(done).write({"quantity": 10}))
        self.refuse(lambda: lines.create({**values, "move_id": done.id}))
        self.refuse(lambda: lines.create({**values, "picking_id": done.picking_id.id}))
        self.refuse(lambda: self.work(open_line).write({"move_id": done.id}))
        self.refuse(
            lambda: self.work(self.env["stock.move"]).create(
                {
                    "product_id": self.product_a.id,
                    "product_uom_qty": 6,
                    "quantity": 6,
                    "picking_id": done.picking_id.id,
                    "location_id": line.location_id.id,
                    "location_dest_id": line.location_dest_id.id,
                }
            )
        )
        stock.invalidate_recordset(["qty_available"])
        self.assertEqual(stock.qty_available, before)
        # less is taken back; and a correction of nothing is none
        line.write({"quantity": 4})
        line.write({"quantity": 3})
        order.oms_hold_ids.filtered(lambda h: h.state == "open").action_lift()
        line.write({"quantity": 5})

    # -- invoices ---------------------------------------------------------------

    def test_posted_is_not_written(self):
        hold_type = self.create_hold_type(
            "No Invoice", block_release=False, block_invoice=True
        )
        invoice = self.free._create_invoices()
        copy = self.held._create_invoices()
        self.place_hold(self.free, hold_type)
        draft = self.work(invoice)
        for record in (draft, invoice, (copy + invoice)):
            self.refuse(lambda r=record: r.write({"state": "posted"}), "No Invoice")
        self.refuse(invoice.action_post, "No Invoice")
        line = draft.invoice_line_ids
        self.refuse(
            lambda: line.write({"sale_line_ids": [Command.clear()]}), "No Invoice"
        )
        self.refuse(
            lambda: self.free.order_line.write({"invoice_lines": [Command.clear()]}),
            "No Invoice",
        )
        self.refuse(
            lambda: draft.write(
                {
                    "invoice_line_ids": [
                        Command.update(line.id, {"sale_line_ids": [Command.clear()]})
                    ]
                }
            ),
            "No Invoice",
        )
        copy.action_post()
        self.assertEqual(invoice.state, "draft")
        self.open_holds(self.free).action_lift()
        invoice.action_post()

    # -- what it costs ----------------------------------------------------------

    def test_orders_without_holds_cost_no_query(self):
        """Whatever is written on their moves."""
        orders = self.env["sale.order"].union(*(self.create_order() for _n in range(3)))
        moves = orders.picking_ids.move_ids
        self.env.flush_all()
        moves.sale_line_id.order_id.mapped("oms_open_hold_count")
        with self.assertQueryCount(0):
            for vals in (
                {"state": "done"},
                {"sale_line_id": False},
                {"location_dest_id": 1, "picking_id": 1},
            ):
                memo = moves._oms_before_write(vals)
                moves._oms_after_write(vals, memo)
            moves.move_line_ids._oms_before_write({"quantity": 7})
