from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.oms_order_cycle.facts.milestones import MILESTONES
from odoo.addons.oms_order_cycle.facts.phases import PHASES, find_phases
from odoo.addons.oms_order_cycle.tools.filling import fill_phases

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestFindPhases(TransactionCase):
    """The phases of stages, without the database."""

    def test_every_milestone_has_a_phase(self):
        phases = find_phases(MILESTONES)
        self.assertEqual(phases, sorted(phases), "keys sort in the order of the work")
        self.assertEqual(set(phases), set(PHASES))

    def test_stages_without_milestone_belong_to_what_they_stand_before(self):
        self.assertEqual(
            find_phases(["confirmed", None, None, "shipped", None]),
            ["1_taken", "5_ship", "5_ship", "5_ship", "5_ship"],
        )
        self.assertEqual(find_phases([None, None]), ["1_taken", "1_taken"])
        self.assertEqual(find_phases([]), [])

    def test_the_field_offers_the_phases(self):
        field = self.env["sale.order"]._fields["oms_phase"]
        self.assertEqual(tuple(dict(field.selection)), PHASES)


@tagged("post_install", "-at_install")
class TestPhase(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_steps("pick_pack_ship")

    def assertPhase(self, order, phase):
        self.env.flush_all()
        self.assertEqual(order.oms_phase, phase)

    def test_an_order_goes_through_the_phases(self):
        order = self.create_order(confirm=False)
        self.assertPhase(order, "1_taken")
        self.place_hold(
            order, self.create_hold_type("Not Before Noon", block_release=True)
        )
        order.action_confirm()
        self.assertPhase(order, "2_release")
        order.oms_hold_ids.action_lift()
        self.assertPhase(order, "3_pick")
        self.validate(self.open_transfers(order))
        self.assertPhase(order, "4_pack")
        self.validate(self.open_transfers(order))
        self.assertPhase(order, "5_ship")
        self.validate(self.open_transfers(order))
        self.assertIn(order.oms_phase, ("6_way", "7_invoice"))
        self.pay(self.invoice(order))
        order._oms_rederive()
        self.env.flush_all()
        if order.oms_cycle_state == "closed":
            self.assertFalse(order.oms_phase)

    def test_cancelled_orders_are_in_none(self):
        order = self.create_order()
        order._action_cancel()
        self.assertPhase(order, False)

    def test_two_workflows_share_the_phases(self):
        channel = self.env["oms.channel"].create(
            {"name": "OMS Short", "code": "oms_short"}
        )
        self.create_workflow(
            "OMS Short",
            ["confirmed", "shipped", "paid"],
            company_id=self.company.id,
            channel_ids=[Command.set(channel.ids)],
        )
        order = self.create_order()
        other = self.create_order(oms_channel_id=channel.id)
        self.assertPhase(order, "3_pick")
        self.assertPhase(other, "5_ship")
        self.assertNotEqual(order.oms_workflow_id, other.oms_workflow_id)

    def test_nobody_writes_it(self):
        order = self.create_order()
        seller = self.create_user(
            "oms_phase_seller", "oms_order_cycle.group_oms_manager"
        )
        with self.assertRaises(AccessError):
            order.with_user(seller).oms_phase = "8_collect"

    def test_filling(self):
        """What an update or the installation fills is what is computed."""
        orders = self.create_order() | self.create_order(confirm=False)
        self.env.flush_all()
        computed = orders.mapped("oms_phase")
        self.env.cr.execute(
            "UPDATE sale_order SET oms_phase = NULL WHERE id IN %s", [orders._ids]
        )
        orders.invalidate_recordset()
        fill_phases(self.env)
        self.assertEqual(orders.mapped("oms_phase"), computed)

    def test_board_shows_phases(self):
        order = self.create_order()
        groups = (
            self.env["sale.order"]
            .with_context(read_group_expand=True)
            .formatted_read_group(
                [("id", "=", order.id)], ["oms_phase"], ["__count", "amount_total:sum"]
            )
        )
        self.assertEqual(
            [(group["oms_phase"], group["__count"]) for group in groups],
            [(phase, int(phase == "3_pick")) for phase in PHASES[1:]],
            "all phases in their order; nothing waits to be confirmed",
        )
