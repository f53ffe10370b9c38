from datetime import datetime

from odoo import Command, fields
from odoo.tests import freeze_time

from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon

#: Monday, 10:00 in Amsterdam.
NOW = datetime(2026, 11, 23, 9)
TZ = "Europe/Amsterdam"


class DatesCommon(OrderCycleCommon):
    """The warehouse of the golden cases, in Amsterdam: Monday to Friday 08 to 17,
    cut-off 15:00, two hours to pick, pick-up at 17:00; one day on the way; carrier and
    customer Monday to Friday."""

    #: When all happens; None: the clock goes on.
    moment = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.moment:
            clock = freeze_time(cls.moment)
            clock.start()
            cls.addClassCleanup(clock.stop)
        cls.calendar = cls.create_calendar("OMS Week", range(5))
        cls.warehouse.write(
            {
                "oms_calendar_id": cls.calendar.id,
                "oms_cutoff_hour": 15,
                "oms_pick_hours": 2,
                "oms_pickup_hour": 17,
            }
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "OMS Carrier",
                "product_id": cls.service.id,
                "oms_transit_days": 1,
                "oms_calendar_id": cls.calendar.id,
            }
        )
        cls.customer.write(
            {"oms_receiving_calendar_id": cls.calendar.id, "tz": TZ, "lang": "en_US"}
        )
        cls.product = cls.create_product("OMS Scarce", quantity=10)

    @classmethod
    def create_calendar(cls, name, weekdays, tz=TZ, hours=(8, 17), **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": hours[0],
                                "hour_to": hours[1],
                                "day_period": "morning",
                            }
                        )
                        for day in weekdays
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def create_order(cls, *lines, **values):
        values.setdefault("carrier_id", cls.carrier.id)
        return super().create_order(*lines, **values)

    @classmethod
    def receive(cls, quantity, day, product=None, warehouse=None):
        """Goods that are to come in on a day.

        :param str day: as ``2026-11-25``
        """
        kind = (warehouse or cls.warehouse).in_type_id
        suppliers = cls.env.ref("stock.stock_location_suppliers")
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": suppliers.id,
                "location_dest_id": kind.default_location_dest_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                            "location_id": suppliers.id,
                            "location_dest_id": kind.default_location_dest_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.date = f"{day} 11:00:00"
        return picking

    @classmethod
    def take_stock(cls, quantity, product=None):
        """So much is in stock, by an inventory."""
        product = product or cls.product
        quant = (
            cls.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": product.id,
                    "location_id": cls.warehouse.lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
            )
        )
        quant.action_apply_inventory()

    def refresh(self):
        """What the background does soon after supply has become less."""
        self.env.flush_all()
        self.env["oms.promise.key"].search([("changed", "!=", False)])._refresh()
        self.journal()

    def parts(self, line):
        return [
            (part[0], part[1], part[2])
            for part in (line.oms_plan or {"parts": []})["parts"]
        ]

    def rows(self, line):
        """What the ledger says of a line, oldest first."""
        self.journal()
        return self.env["oms.promise"].search([("line_id", "=", line.id)], order="id")

    def assertDates(self, line, ship, arrive):
        self.assertEqual(
            (line.oms_ship_date, line.oms_promise_date),
            tuple(fields.Date.to_date(day) or False for day in (ship, arrive)),
        )
