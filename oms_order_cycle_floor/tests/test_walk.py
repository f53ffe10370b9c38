from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_floor import FloorCommon

NAMES = ["B-11", "C-1", "A-10", "B-3", "A-2"]
#: up aisle A, down aisle B, in and out of aisle C
BY_WALK = ["A-2", "A-10", "B-11", "B-3", "C-1"]


@tagged("post_install", "-at_install")
class TestWalk(FloorCommon):
    """Lists are in the order of the walk, where places are known."""

    def read_lines(self, record, name):
        """The lines of a document in the order in which a screen gets them."""
        [values] = record.web_read({name: {"fields": {"product_id": {}}, "limit": 40}})
        ids = [line["id"] for line in values[name]]
        return self.bay_names(self.env[record[name]._name].browse(ids))

    def print(self, report, record):
        # barcodes are drawn by a library that is not everywhere
        actions = self.env.registry["ir.actions.report"]
        self.patch(actions, "barcode", lambda *args, **kwargs: b"")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, record.ids
        )
        text = html2plaintext(html.decode())
        places = {name: text.find(f"Goods of {name}\n") for name in self.goods}
        self.assertNotIn(-1, places.values())
        return sorted(places, key=places.get)

    def test_nothing_changes_without_places(self):
        picking = self.create_picking(NAMES)
        self.assertEqual(self.read_lines(picking, "move_ids"), NAMES)
        for lines in (picking.move_ids, picking.move_line_ids):
            self.assertIs(lines._oms_sort_by_walk(), lines)
        self.assertEqual(
            self.print("stock.report_picking", picking),
            ["A-10", "A-2", "B-11", "B-3", "C-1"],
        )

    def test_screens(self):
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        self.assertEqual(self.read_lines(picking, "move_ids"), BY_WALK)
        self.assertEqual(self.read_lines(picking, "move_line_ids"), BY_WALK)
        # records of the document keep their order, for whoever counts on it
        self.assertEqual(self.bay_names(picking.move_ids), NAMES)

    def test_detailed_operations(self):
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        action = picking.action_detailed_operations()
        lines = self.env[action["res_model"]].with_context(**action["context"])
        specification = {"product_id": {}}
        res = lines.web_search_read(action["domain"], specification)
        ids = [line["id"] for line in res["records"]]
        self.assertEqual(self.bay_names(lines.browse(ids)), BY_WALK)
        self.assertEqual(res["length"], 5)
        res = lines.web_search_read(action["domain"], specification, offset=1, limit=2)
        ids = [line["id"] for line in res["records"]]
        self.assertEqual(self.bay_names(lines.browse(ids)), BY_WALK[1:3])
        self.assertEqual(res["length"], 5)
        # who sorts has it his way
        res = lines.web_search_read(action["domain"], specification, order="id desc")
        ids = [line["id"] for line in res["records"]]
        self.assertEqual(ids, sorted(ids, reverse=True))

    def test_paper(self):
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        self.assertEqual(self.print("stock.report_picking", picking), BY_WALK)

    def test_batch(self):
        self.open_numbering().action_apply()
        pickings = self.create_picking(NAMES[:2]) + self.create_picking(NAMES[2:])
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [(6, 0, pickings.ids)]}
        )
        batch.action_confirm()
        self.assertEqual(self.read_lines(batch, "move_ids"), BY_WALK)
        report = "stock_picking_batch.report_picking_batch"
        self.assertEqual(self.print(report, batch), BY_WALK)

    def test_pick_sequence_alone(self):
        for number, name in enumerate(["C-1", "A-10", "A-2"], start=1):
            self.bays[name].oms_pick_sequence = number
        picking = self.create_picking(NAMES)
        self.assertEqual(
            self.read_lines(picking, "move_ids"), ["C-1", "A-10", "A-2", "B-3", "B-11"]
        )

    def test_bay_without_a_place_is_beside_its_number(self):
        self.open_numbering().action_apply()
        self.bays["B-3"].oms_aisle = 0
        self.bays["A-10"].oms_position = 0
        picking = self.create_picking(NAMES)
        self.assertEqual(
            self.read_lines(picking, "move_ids"), ["A-2", "B-11", "A-10", "C-1", "B-3"]
        )

    def test_moves_without_goods_come_last(self):
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        picking.move_ids[0]._do_unreserve()
        self.assertEqual(
            self.read_lines(picking, "move_ids"),
            [name for name in BY_WALK if name != NAMES[0]] + [NAMES[0]],
        )

    def test_depot_and_cross_aisles(self):
        """The shortest walk depends on where it begins and where one can cross."""
        self.open_numbering().action_apply()
        bays = self.env["stock.location"].union(
            *(self.bays[name] for name in ("A-12", "C-12"))
        )
        _order, length = bays._oms_plan_walk()
        # through aisle A, along the back, through aisle C, along the front
        self.assertEqual(length, 2 * (12 + 2) + 2 * 6)
        self.warehouse.oms_depot_aisle = 3
        order, length = bays._oms_plan_walk()
        self.assertEqual(length, 2 * (12 + 2) + 2 * 6)
        self.assertEqual(order.mapped("name"), ["A-12", "C-12"])
        self.warehouse.oms_bays_of_blocks = "6, 20"
        self.bays["A-12"].oms_position = 1
        _order, length = bays._oms_plan_walk()
        self.assertGreater(length, 0)

    def test_bays_of_blocks_are_counted_if_not_set(self):
        self.open_numbering().action_apply()
        self.assertEqual(self.warehouse.oms_bays_of_blocks, "12")
        self.warehouse.oms_bays_of_blocks = False
        self.bays["C-12"].write({"oms_block": 3, "oms_position": 4.5})
        self.assertEqual(self.warehouse._oms_get_bays_of_blocks(), [12, 1, 5])
        bays = self.env["stock.location"].union(*self.bays.values())
        order, _length = bays._oms_plan_walk()
        self.assertEqual(len(order), len(bays))

    def test_goods_of_two_warehouses(self):
        self.open_numbering().action_apply()
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OMSO", "company_id": self.company.id}
        )
        far = self.create_location("Z-1", other.lot_stock_id)
        bays = far + self.bays["B-1"] + self.bays["A-1"]
        order, _length = bays._oms_plan_walk()
        self.assertEqual(order.mapped("name"), ["Z-1", "A-1", "B-1"])

    def test_other_company(self):
        """Who numbers the bays of one company leaves those of another alone."""
        company = self.create_company("OMS Other")
        manager = self.create_user("oms_floor_other", "stock.group_stock_manager")
        manager.write({"company_id": company.id, "company_ids": [(6, 0, company.ids)]})
        wizard = self.env["oms.bay.numbering"].with_user(manager)
        wizard = wizard.with_context(allowed_company_ids=company.ids)
        with self.assertRaises(AccessError):
            wizard.create({"location_id": self.hall.id}).action_apply()
        self.assertFalse(self.bays["A-1"].oms_aisle)
        self.open_numbering().action_apply()
        with self.assertRaises(AccessError):
            self.bays["A-1"].with_user(manager).oms_aisle = 2

    def test_picker_reads_by_walk(self):
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        user = self.create_user("oms_floor_picker", "stock.group_stock_user")
        picking = picking.with_user(user)
        self.assertEqual(self.read_lines(picking, "move_ids"), BY_WALK)

    def test_validation_costs_nothing_more(self):
        """The order is found for who looks, never when goods are written."""
        self.open_numbering().action_apply()
        picking = self.create_picking(NAMES)
        self.patch(
            self.env.registry["stock.location"],
            "_oms_plan_walk",
            lambda self: self.fail("planned"),
        )
        picking.move_ids.quantity = 2
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_queries_do_not_grow(self):
        self.open_numbering().action_apply()
        few, many = self.create_picking(NAMES[:2]), self.create_picking(NAMES)
        counts = []
        for picking in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            picking.read(["move_ids"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_numbers_that_cannot_be(self):
        bay = self.bays["A-1"]
        for name in ("oms_aisle", "oms_block", "oms_position", "oms_pick_sequence"):
            for value in (-1, 1_000_001):
                with self.assertRaises(ValidationError):
                    bay[name] = value
        for name, value in (
            ("oms_bay_width", 0),
            ("oms_aisle_pitch", -1),
            ("oms_cross_aisle_width", -1),
            ("oms_depot_aisle", 0),
            ("oms_bays_of_blocks", "many"),
            ("oms_bays_of_blocks", "0"),
            ("oms_bays_of_blocks", "1, " * 51),
        ):
            with self.assertRaises(ValidationError):
                self.warehouse[name] = value
