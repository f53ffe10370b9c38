from odoo.tests import tagged

from .common_dates import DatesCommon


@tagged("post_install", "-at_install")
class TestSourcingDates(DatesCommon):
    """The date that is promised is that of the warehouse that was chosen."""

    def test_date_of_the_chosen_warehouse(self):
        north = self.env["stock.warehouse"].create(
            {
                "name": "OMS North",
                "code": "NRT",
                "company_id": self.company.id,
                "oms_calendar_id": self.calendar.id,
                "oms_cutoff_hour": 15,
                "oms_pick_hours": 2,
                "oms_pickup_hour": 17,
            }
        )
        self.env["oms.sourcing.rule"].create(
            {"name": "OMS Rule", "company_id": self.company.id}
        )
        product = self.create_product("OMS Elsewhere", quantity=0)
        self.stock_up(product, 10, north)
        order = self.create_order((product, 4))
        line = order.order_line
        self.assertEqual(line.warehouse_id, north)
        self.assertEqual(str(line.oms_ship_date), "2026-11-23")
        self.journal()
        # of the warehouse that has none nothing was said
        self.assertEqual(order.oms_promise_ids.mapped("kind"), ["first"])
        self.assertTrue(order.oms_promise_ids.promised_date)
