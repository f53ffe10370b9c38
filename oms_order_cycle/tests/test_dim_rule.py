from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..packing.freight.billing import Piece, bill
from ..packing.freight.carriers import RULES


def inches(*sides):
    return [Decimal(str(side)) * Decimal("25.4") for side in sides]


def pounds(weight):
    return Decimal(str(weight)) * Decimal("453.59237")


@tagged("post_install", "-at_install")
class TestDimRule(TransactionCase):
    """What carriers bill, through the rules that users see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.other = cls.env["res.company"].create({"name": "OMS Other Company"})
        cls.env.user.company_ids = [Command.link(cls.other.id)]

    def billed(self, name, outer, gross, day="2026-02-01", **kw):
        rule = self.env.ref(f"oms_order_cycle.dim_rule_{name}")
        return rule.compute_billable(outer, gross, day, **kw)

    def own_rule(self, **values):
        version = {"divisor": 5000, **values.pop("version", {})}
        return self.env["oms.dim.rule"].create(
            {"name": "Own", "version_ids": [Command.create(version)], **values}
        )

    def test_a_copy_keeps_the_name_it_is_given(self):
        rule = self.own_rule()
        self.assertEqual(rule.copy().name, "Own (copy)")
        self.assertEqual(rule.copy({"name": "Agreed"}).name, "Agreed")

    # -- golden cases of the domain -------------------------------------------------

    def test_fractions_of_an_inch_since_august_2025(self):
        for name in ("ups_us", "fedex_us"):
            outer = inches("11.1", "8.5", "6.2")
            before = self.billed(name, outer, pounds(3), "2025-08-17")
            after = self.billed(name, outer, pounds(3), date(2025, 8, 18))
            self.assertEqual((before["billable"], after["billable"]), (5, 6))
            self.assertEqual(after["unit"], "lb")

    def test_large_is_strictly_greater(self):
        found = self.billed("ups_us", inches(30, 24, 24), pounds(40))
        self.assertEqual(found["billable"], 125)
        self.assertEqual(found["classes"], ["AHS_DIM"])
        found = self.billed("ups_us", inches("24.2", "24.2", 30), pounds(40))
        self.assertEqual(found["billable"], 135)
        self.assertEqual(found["classes"], ["LARGE"])

    def test_volume_counts_since_january_2026(self):
        outer = inches("24.2", "24.2", 30)
        self.assertEqual(
            self.billed("ups_us", outer, pounds(40), "2026-01-25")["classes"],
            ["AHS_DIM"],
            "length and girth of 130 in are not over 130",
        )
        self.assertEqual(
            self.billed("fedex_us", outer, pounds(40), "2026-01-12")["classes"],
            ["LARGE"],
        )

    def test_additional_handling_has_a_least_weight(self):
        outer = inches(49, 10, 10)
        found = self.billed("fedex_us", outer, pounds(20))
        self.assertEqual((found["dimensional"], found["billable"]), (36, 40))
        self.assertEqual(found["classes"], ["AHS_DIM"])
        self.assertEqual(
            self.billed("fedex_us", outer, pounds(20), "2025-01-12")["billable"], 36
        )
        self.assertEqual(self.billed("ups_us", outer, pounds(20))["billable"], 36)

    def test_two_reasons_are_one_charge(self):
        found = self.billed("ups_us", inches(26, 20, 20), pounds(20))
        self.assertEqual(found["classes"], ["AHS_DIM"])
        found = self.billed("ups_us", inches(26, 20, 20), pounds(51))
        self.assertEqual(found["classes"], ["AHS_WGT"], "the highest first")
        found = self.billed("ups_us", inches(10, 10, 10), pounds(50))
        self.assertEqual(found["classes"], [])
        found = self.billed("ups_us", inches(10, 10, 10), pounds("150.5"))
        self.assertEqual(found["classes"], ["MAX"])

    def test_usps(self):
        for sides, weight, day, expected in (
            ((12, 12, 12), 3, "2026-02-01", 3),
            (("12.1", 12, 12), 3, "2026-07-11", 3),
            (("12.1", 12, 12), 3, "2026-07-12", 14),
            ((18, 14, 12), 5, "2026-07-11", 19),
            ((18, 14, 12), 5, "2026-07-12", 22),
        ):
            with self.subTest(sides=sides, day=day):
                found = self.billed("usps", inches(*sides), pounds(weight), day)
                self.assertEqual(found["billable"], expected)
        self.assertEqual(
            self.billed("usps", inches(31, 4, 4), pounds(3))["classes"], ["LENGTH_30"]
        )
        self.assertEqual(
            self.billed("usps", inches(23, 16, 16), pounds(3))["classes"],
            ["LENGTH_22", "VOLUME"],
        )

    def test_half_kilos(self):
        found = self.billed("dhl_express", (400, 300, 200), 3000)
        self.assertEqual((found["billable"], found["unit"]), (5.0, "kg"))
        found = self.billed("dhl_express", (400, 300, 200), 5001)
        self.assertEqual(found["billable"], 5.5)
        found = self.billed("iata_air", (300, 450, 650), 14000)
        self.assertEqual(found["billable"], 15.0)

    def test_road_takes_the_largest_of_three(self):
        sides = (1200, 1000, 1800)
        found = self.billed("road_eu", sides, 960_000, quantity=10)
        self.assertEqual((found["dimensional"], found["billable"]), (9250, 9600))
        found = self.billed("road_eu", (1200, 800, 1000), 100_000, stackable=False)
        self.assertEqual(found["billable"], 740, "a Euro pallet that nothing stands on")
        found = self.billed("road_nordic", (1200, 800, 1000), 1, stackable=False)
        self.assertEqual(found["billable"], 800)
        found = self.billed("road_eu", (1200, 800, 1000), 100_000)
        self.assertEqual(found["billable"], 320, "one that others stand on")

    def test_freight_class_by_density(self):
        outer = inches(48, 40, 50)
        self.assertEqual(self.billed("ltl_us", outer, pounds(500))["classes"], ["100"])
        self.assertEqual(
            self.billed("ltl_us", inches(12, 12, 12), pounds(51))["classes"], ["50"]
        )
        self.assertEqual(
            self.billed("ltl_us", inches(12, 12, 12), pounds(51), "2025-07-18")[
                "classes"
            ],
            ["60"],
        )

    def test_by_actual_weight(self):
        found = self.billed("dpd_classic", (1300, 300, 300), 12_340)
        self.assertEqual((found["dimensional"], found["billable"]), (0, 12.34))
        self.assertEqual(found["classes"], ["NON_CONVEYABLE"])
        self.assertEqual(self.billed("gls", (100, 90, 80), 41_000)["classes"], ["MAX"])
        # more than 60 cm on the third side are always more than 300 cm with the girth
        self.assertEqual(self.billed("gls", (601, 601, 601), 1000)["classes"], ["MAX"])
        found = self.billed("dpd_ee", (400, 300, 200), 3000)
        self.assertEqual(found["billable"], 6)

    # -- sizes and weights in any form -----------------------------------------------

    def test_sizes_as_numbers_or_strings(self):
        for foot in (Decimal("304.8"), "304.8", 304.8, 12 * 25.4):
            found = self.billed("ups_us", (foot, foot, foot), "1000")
            self.assertEqual(found["dimensional"], 13)
        found = self.billed("ups_us", (305, 305, 305), 1000)
        self.assertEqual(found["dimensional"], 16, "305 mm are more than 12 in")
        # what binary fractions blur does not cost an inch or a pound
        for sides, weight in (((24 * 25.4 + 1e-10,) * 3, 3 * 453.59237),):
            self.assertEqual(
                self.billed("ups_us", sides, weight)["dimensional"],
                self.billed("ups_us", inches(24, 24, 24), pounds(3))["dimensional"],
            )
        for grams in (1361, 1361.0, "1361", "1360.78", 3 * 453.59237, pounds(3)):
            found = self.billed("ups_us", inches(5, 5, 5), grams)
            self.assertEqual(found["billable"], 3, grams)

    def test_what_is_no_parcel_is_said(self):
        for sides, weight in (
            ((300, 200), 1000),
            (("a", "b", "c"), 1000),
            ((300, 200, -1), 1000),
            ((300, 200, "nan"), 1000),
            (None, 1000),
            ((300, 200, 100), -1),
            ((300, 200, 100), "heavy"),
        ):
            with self.assertRaisesRegex(UserError, "three outer sides"):
                self.billed("ups_us", sides, weight)

    def test_the_rules_agree_with_the_engine(self):
        """The engine's own rules and those users see bill the same."""
        for engine in RULES:
            rule = self.env.ref(f"oms_order_cycle.dim_rule_{engine.code}")
            day = engine.date_to or max(
                engine.date_from or date(2026, 8, 1), date(2026, 8, 1)
            )
            for sides in (
                (100, 100, 100), (282, 216, 158), (615, 615, 762), (1250, 260, 250),
                (330, 305, 305), (2500, 500, 400),
            ):  # fmt: skip
                for grams in (500, 13_700, 33_000, 80_000):
                    with self.subTest(rule=engine.code, sides=sides, grams=grams):
                        known = bill(engine, [Piece(sides, grams)], day)
                        found = rule._bill([Piece(sides, grams)], day)
                        self.assertEqual(found.billable, known.billable)
                        classes = set(known.classes)
                        if engine.code == "dpd_ee":
                            # that parcels are not conveyable is a German list
                            classes.discard("NON_CONVEYABLE")
                        self.assertEqual(set(found.classes), classes)

    # -- versions ------------------------------------------------------------------

    def test_every_shipped_rule_is_sound(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "oms_order_cycle"),
                ("model", "in", ("oms.dim.rule", "oms.dim.rule.version")),
            ]
        )
        self.assertTrue(all(data.mapped("noupdate")))
        Rule = self.env["oms.dim.rule"].with_context(active_test=False)
        rules = Rule.browse(
            data.filtered(lambda d: d.model == "oms.dim.rule").mapped("res_id")
        )
        self.assertGreaterEqual(len(rules), 25)
        for rule in rules:
            with self.subTest(rule=rule.code):
                self.assertTrue(rule.version_ids)
                for line in (*rule.version_ids, *rule.trigger_ids):
                    self.assertTrue(line.source)
                    self.assertFalse(line.active and line.confidence == "C")
                if rule.active:
                    rule.compute_billable((300, 200, 100), 1000)

    def test_confirm_an_archived_rule(self):
        rule = self.env.ref("oms_order_cycle.dim_rule_ups_us_retail")
        self.assertFalse(rule.active)
        self.assertEqual(rule.confidence, "C")
        rule.action_unarchive()
        self.assertTrue(all(rule.version_ids.mapped("active")))
        found = rule.compute_billable(inches(12, 12, 12), pounds(3), "2026-02-01")
        self.assertEqual(found["billable"], 11)

    def test_a_company_has_its_own_contract(self):
        rule = self.env.ref("oms_order_cycle.dim_rule_ups_us")
        outer = inches(12, 12, 12)
        rule.write(
            {
                "version_ids": [
                    Command.create(
                        {
                            "company_id": self.other.id,
                            "divisor": 194,
                            "date_from": "2026-01-01",
                            "date_to": "2026-12-31",
                        }
                    )
                ],
                "trigger_ids": [
                    Command.create(
                        {
                            "company_id": self.other.id,
                            "name": "Agreed",
                            "code": "AHS_WGT",
                            "weight_gt": 70,
                        }
                    )
                ],
            }
        )
        theirs = rule.with_company(self.other)
        self.assertEqual(theirs.compute_billable(outer, 1, "2026-02-01")["billable"], 9)
        self.assertEqual(rule.compute_billable(outer, 1, "2026-02-01")["billable"], 13)
        self.assertEqual(
            theirs.compute_billable(outer, 1, "2025-12-31")["billable"], 13
        )
        heavy = pounds(60)
        self.assertFalse(theirs.compute_billable(outer, heavy, "2026-02-01")["classes"])
        self.assertEqual(
            rule.compute_billable(outer, heavy, "2026-02-01")["classes"], ["AHS_WGT"]
        )

    def test_versions_do_not_overlap(self):
        rule = self.own_rule(version={"date_to": "2026-06-30"})
        with self.assertRaises(ValidationError):
            rule.version_ids = [
                Command.create({"divisor": 4000, "date_from": "2026-06-30"})
            ]
        rule.version_ids = [
            Command.create({"divisor": 4000, "date_from": "2026-07-01"})
        ]
        self.assertEqual(
            rule.compute_billable((400, 300, 200), 1, "2026-06-30")["billable"], 5
        )
        self.assertEqual(
            rule.compute_billable((400, 300, 200), 1, "2026-07-01")["billable"], 6
        )

    def test_no_version_in_force(self):
        rule = self.own_rule(version={"date_from": "2026-01-01"})
        with self.assertRaisesRegex(UserError, "no version in force"):
            rule.compute_billable((400, 300, 200), 1, "2025-12-31")
        self.assertIsNone(rule._get_engine_rule("2025-12-31"))

    def test_every_parameter_reaches_the_engine(self):
        rule = self.own_rule(
            unit_system="cm_kg",
            version={
                "dim_step": 5,
                "weight_step": 0.5,
                "actual_step": 0,
                "vol_threshold": 1000,
                "shape_factor": 0.785,
                "min_billable": 2,
                "cap": 30,
            },
        )
        self.assertEqual(rule.compute_billable((100, 100, 100), 1)["billable"], 2)
        found = rule.compute_billable((410, 300, 200), 1)
        # 45 x 30 x 20 cm x 0.785 / 5000
        self.assertEqual(found["dimensional"], 4.5)
        self.assertEqual(rule.compute_billable((2000, 1000, 1000), 1)["billable"], 30)
        self.assertEqual(
            rule.compute_billable((100, 100, 100), 2562.5)["billable"],
            2.5625,
        )

    def test_mistakes_are_refused(self):
        with self.assertRaises(ValidationError):
            self.own_rule(version={"density_classes": "much"})
        rule = self.own_rule()
        with self.assertRaises(ValidationError):
            rule.trigger_ids = [Command.create({"name": "Never", "code": "NEVER"})]

    def test_copy(self):
        rule = self.env.ref("oms_order_cycle.dim_rule_fedex_us")
        copied = rule.copy()
        self.assertEqual(len(copied.version_ids), len(rule.version_ids))
        self.assertEqual(len(copied.trigger_ids), len(rule.trigger_ids))
        outer = inches(49, 10, 10)
        self.assertEqual(
            copied.compute_billable(outer, pounds(20), "2026-02-01"),
            rule.compute_billable(outer, pounds(20), "2026-02-01"),
        )

    def test_words(self):
        rule = self.env.ref("oms_order_cycle.dim_rule_dhl_express")
        self.assertEqual(rule.summary, "5000 cm³/kg")
        self.assertEqual(
            self.env.ref("oms_order_cycle.dim_rule_dpd_classic").summary,
            "Actual weight",
        )
