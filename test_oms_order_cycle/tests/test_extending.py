"""What docs/architecture.md says of extending the house; its examples are here."""

import re
from pathlib import Path

from odoo.tests import tagged

from .common import FlowCommon

ADDON = Path(__file__).parents[1]
GUIDE = ADDON.parent / "docs" / "architecture.md"
#: An example begins with the file that it is taken from.
EXAMPLE = re.compile(r"```\w+\n(?:# |<!-- )(test_\S+?)(?: -->)?\n(.*?)```", re.DOTALL)


@tagged("post_install", "-at_install")
class TestExtending(FlowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_steps("ship_only")

    def load(self, order):
        return self.env["test.oms.load"].create({"picking_id": order.picking_ids.id})

    def test_examples_of_the_guide_are_these_files(self):
        examples = EXAMPLE.findall(GUIDE.read_text())
        self.assertGreaterEqual(len(examples), 6)
        for path, example in examples:
            source = (ADDON.parent / path).read_text()
            for block in example.strip("\n").split("\n...\n"):
                with self.subTest(path=path, block=block.splitlines()[0]):
                    self.assertIn(block.strip("\n"), source)

    def test_a_fact(self):
        order = self.create_order((self.product_a, 3))
        self.assertFalse(order.oms_loaded_at)
        load = self.load(order)
        self.assertEqual(order.oms_loaded_at, load.date)
        self.assertEqual(order.order_line.oms_qty_loaded, 3)
        # later implies earlier
        self.assertEqual(order.oms_packed_at, load.date)
        self.assertNoDrift(order)
        load.unlink()
        self.assertFalse(order.oms_loaded_at)
        self.assertNoDrift(order)

    def test_facts_of_many_orders(self):
        orders = self.env["sale.order"].union(
            *(self.create_order((self.product_a, 1)) for _number in range(3))
        )
        self.env["test.oms.load"].create(
            [{"picking_id": picking.id} for picking in orders[:2].picking_ids]
        )
        self.assertEqual(orders.filtered("oms_loaded_at"), orders[:2])
        self.env["test.oms.load"].create([])

    def test_the_function_follows_the_fragments(self):
        """Uninstalling what told a fact leaves no function that asks for it."""
        orders = self.env["sale.order"]
        base = {name: sql for name, sql in orders._oms_facts_fragments().items()}
        self.assertIn("test_oms_load", base["loaded"].code)
        self.env.cr.execute(
            "SELECT prosrc FROM pg_proc WHERE proname='oms_order_facts'"
        )
        self.assertIn("test_oms_load", self.env.cr.fetchone()[0])

    def test_a_document(self):
        order = self.create_order((self.product_a, 1))
        load = self.load(order)
        self.assertEqual(load.oms_order_ids, order)
        self.assertEqual(load.oms_stage_summary, order.oms_stage_id.name)
        self.assertFalse(load.oms_hold_summary)
        self.assertFalse(load.oms_is_blocked)

    def test_a_hold_check(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "Note", "check": "test_note", "company_id": self.company.id}
        )
        self.workflow.hold_type_ids = hold_type
        order = self.create_order((self.product_a, 1))
        self.assertTrue(order.oms_is_held)
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.oms_hold_ids.reason, f"{order.name} has no note.")
        order.note = "Ring twice"
        order._oms_recheck_holds()
        self.assertFalse(order.oms_is_held)
        self.assertTrue(order.picking_ids)

    def test_an_event_and_a_reaction(self):
        order = self.create_order((self.product_a, 1))
        self.load(order)
        event = self.journal_of(order).filtered(lambda event: event.kind == "loaded")
        self.assertEqual(event.data, {"picking": order.picking_ids.name})
        reaction = self.env.ref("test_oms_order_cycle.reaction_loaded")
        row = reaction.outbox_ids.filtered(lambda row: row.order_id == order)
        self.assertEqual(row.event_id, event)
        row._process()
        self.assertEqual(row.state, "done")
        self.assertIn(f"Loaded: {order.picking_ids.name}", order.message_ids[0].body)

    def test_a_stage(self):
        workflow = self.env.ref("test_oms_order_cycle.workflow_truck").copy(
            {"company_id": self.company.id, "is_default": False}
        )
        workflow.team_ids = self.env["crm.team"].create({"name": "Trucks"})
        workflow.action_publish()
        order = self.create_order(
            (self.product_a, 1), team_id=workflow.team_ids.id, confirm=False
        )
        order.action_confirm()
        self.assertEqual(order.oms_stage_id.name, "To Load")
        self.assertTrue(order.oms_stage_deadline)
        self.load(order)
        self.assertEqual(order.oms_cycle_state, "closed")
