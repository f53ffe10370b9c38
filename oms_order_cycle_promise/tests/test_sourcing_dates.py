from odoo.tests import tagged

from .common_dates import DatesCommon


@tagged("post_install", "-at_install")
class TestSourcingDates(DatesCommon):
    """The date that is promised is that of the warehouse that was chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.env["stock.warehouse"].create(
            {
                "name": "OMS North",
                "code": "NRT",
                "company_id": cls.company.id,
                "oms_calendar_id": cls.calendar.id,
                "oms_cutoff_hour": 15,
                "oms_pick_hours": 2,
                "oms_pickup_hour": 17,
            }
        )
        cls.env["oms.sourcing.rule"].create(
            {"name": "OMS Rule", "company_id": cls.company.id}
        )

    def test_date_of_the_chosen_warehouse(self):
        product = self.create_product("OMS Elsewhere", quantity=0)
        self.stock_up(product, 10, self.north)
        order = self.create_order((product, 4))
        line = order.order_line
        self.assertEqual(line.warehouse_id, self.north)
        self.assertEqual(str(line.oms_ship_date), "2026-11-23")
        self.journal()
        # of the warehouse that has none nothing was said
        self.assertEqual(order.oms_promise_ids.mapped("kind"), ["first"])
        self.assertTrue(order.oms_promise_ids.promised_date)

    def test_date_of_a_divided_line(self):
        # two days of work: what leaves from there is what comes last
        self.north.oms_pick_hours = 18
        self.company.oms_promise_sets_dates = True
        product = self.create_product("OMS Here and There", quantity=0)
        self.stock_up(product, 6)
        self.stock_up(product, 4, self.north)
        order = self.create_order((product, 10), carrier_id=self.carrier.id)
        line = order.order_line
        moves = line.move_ids.grouped("warehouse_id")
        self.assertEqual(
            {house: moves[house].product_uom_qty for house in moves},
            {self.warehouse: 6, self.north: 4},
        )
        self.assertEqual(str(line.oms_ship_date), "2026-11-25")
        self.assertEqual(str(line.oms_promise_date), "2026-11-26")
        self.journal()
        [said] = order.oms_promise_ids
        self.assertEqual(said.promised_date.date().isoformat(), "2026-11-26")
        self.assertEqual(order.commitment_date, said.promised_date)
        self.assertEqual(
            set(line.move_ids.mapped("date_deadline")), {said.promised_date}
        )
