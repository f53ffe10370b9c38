from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_floor import FloorCommon


@tagged("post_install", "-at_install")
class TestBayNumbering(FloorCommon):
    def places(self, *names):
        return [
            (
                self.bays[name].oms_aisle,
                self.bays[name].oms_block,
                self.bays[name].oms_position,
            )
            for name in names
        ]

    def test_number_a_zone(self):
        office = self.create_location("Office desk!", self.hall)
        wizard = self.open_numbering()
        self.assertEqual(wizard.pattern, "{aisle}-{bay}")
        self.assertEqual(wizard.fitting_count, 36)
        self.assertEqual(wizard.other_names, "Office desk!")
        self.assertFalse(wizard.fault)
        action = wizard.action_apply()
        found = self.env["stock.location"].search(
            action["domain"], order="oms_pick_sequence"
        )
        names = found.mapped("name")
        self.assertEqual(names[:3], ["A-1", "A-2", "A-3"])
        self.assertEqual(names[11:14], ["A-12", "B-12", "B-11"])
        self.assertEqual(names[24], "C-1")
        self.assertEqual(found.mapped("oms_pick_sequence"), list(range(1, 37)))
        self.assertEqual(
            self.places("A-1", "A-10", "C-2"), [(1, 1, 1), (1, 1, 10), (3, 1, 2)]
        )
        self.assertEqual(office.oms_pick_sequence, 0)
        self.assertEqual(self.warehouse.oms_bays_of_blocks, "12")

    def test_nothing_is_written_before_it_is_applied(self):
        wizard = self.open_numbering()
        self.assertIn("A-10", wizard.preview)
        self.assertIn("<svg", wizard.picture)
        self.assertEqual(self.places("A-10"), [(0, 0, 0)])

    def test_applied_again_after_a_change(self):
        self.open_numbering().action_apply()
        self.create_location("A-13", self.hall)
        self.open_numbering().action_apply()
        self.assertEqual(self.warehouse.oms_bays_of_blocks, "13")
        self.assertEqual(self.bays["B-12"].oms_pick_sequence, 14)

    def test_middle_cross_aisle(self):
        self.open_numbering(bays_of_blocks="6, 6").action_apply()
        self.assertEqual(self.places("A-6", "A-7"), [(1, 1, 6), (1, 2, 1)])
        self.assertEqual(self.warehouse.oms_bays_of_blocks, "6, 6")

    def test_bays_face_each_other(self):
        self.open_numbering(is_facing=True).action_apply()
        self.assertEqual(
            self.places("A-1", "A-2", "A-3"), [(1, 1, 1), (1, 1, 1), (1, 1, 2)]
        )

    def test_second_zone_goes_on(self):
        self.open_numbering(first_aisle=4, first_number=100).action_apply()
        self.assertEqual(self.places("A-1"), [(4, 1, 1)])
        self.assertEqual(self.bays["A-1"].oms_pick_sequence, 100)

    def test_bays_below_aisles(self):
        zone = self.create_location("Nested", self.warehouse.lot_stock_id)
        for aisle in ("1", "2", "10"):
            below = self.create_location(aisle, zone)
            self.bays[f"N{aisle}"] = self.create_location("01", below)
        wizard = self.open_numbering(location_id=zone.id)
        self.assertEqual(wizard.pattern, "{aisle}/{bay}")
        wizard.action_apply()
        self.assertEqual(
            self.places("N1", "N2", "N10"), [(1, 1, 1), (2, 1, 1), (3, 1, 1)]
        )

    def test_faults_are_said(self):
        for values, word in (
            ({"pattern": "{bay}"}, "{aisle}"),
            ({"pattern": "{aisle}-{bay}-{shelf}"}, "{shelf}"),
            ({"pattern": "{aisle}-{bay}{bay}"}, "too often"),
            ({"bays_of_blocks": "x"}, "23, 23"),
            ({"first_aisle": 0}, "from 1"),
            ({"pattern": "{aisle}!{bay}"}, ""),
        ):
            with self.subTest(values):
                wizard = self.open_numbering(**values)
                self.assertFalse(wizard.fitting_count)
                self.assertIn(word, wizard.fault or "")
                with self.assertRaises(UserError):
                    wizard.action_apply()

    def test_names_are_no_code(self):
        self.create_location("D-1<script>", self.hall)
        self.create_location("<b>A-99", self.hall)
        wizard = self.open_numbering(pattern="{any}{aisle}-{bay}{any}")
        self.assertEqual(wizard.fitting_count, 38)
        self.assertNotIn("<script>", wizard.preview)
        self.assertNotIn("<b>A", wizard.preview)

    def test_form(self):
        form = Form(
            self.env["oms.bay.numbering"].with_context(
                active_model="stock.location", active_id=self.hall.id
            )
        )
        self.assertEqual(form.location_id, self.hall)
        self.assertEqual(form.fitting_count, 36)
        form.pattern = "{aisle}"
        self.assertTrue(form.fault)
        form.pattern = "{aisle}-{bay}"
        form.save().action_apply()
        self.assertEqual(self.places("B-3"), [(2, 1, 3)])

    def test_zone_without_a_warehouse(self):
        zone = self.env["stock.location"].create(
            {"name": "Lonely", "usage": "internal", "company_id": self.company.id}
        )
        self.create_location("A-1", zone)
        with self.assertRaisesRegex(UserError, "warehouse"):
            self.open_numbering(location_id=zone.id).action_apply()

    def test_only_who_sets_up_the_warehouse(self):
        user = self.create_user("oms_floor_picker", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.env["oms.bay.numbering"].with_user(user).create(
                {"location_id": self.hall.id}
            )

    def test_filters(self):
        """Of the bays those that have a place, and those that have none."""
        self.open_numbering().action_apply()
        self.bays["A-1"].oms_aisle = 0
        self.bays["A-2"].oms_position = 0
        view = self.env["stock.location"].get_view(
            self.env.ref("stock.view_location_search").id, "search"
        )
        self.assertIn("oms_has_no_place", view["arch"])
        none = self.env["stock.location"].search(
            [
                ("id", "child_of", self.hall.ids),
                ("usage", "=", "internal"),
                ("child_ids", "=", False),
                "|",
                ("oms_aisle", "=", 0),
                ("oms_position", "=", 0),
            ]
        )
        self.assertEqual(none, self.bays["A-1"] + self.bays["A-2"])
