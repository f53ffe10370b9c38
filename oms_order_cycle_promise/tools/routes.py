"""From the settings of warehouses, carriers and customers to the rules of dates."""

from dataclasses import replace

from ..atp import ALWAYS, Route, WorkTime


def get_work(calendar, tz=None):
    """When people work.

    :param calendar: ``resource.calendar``; none: always
    :param str tz: the time zone in which its hours are meant; default: its own
    """
    calendar = calendar.sudo()
    tz = tz or calendar.tz or "UTC"
    if not calendar:
        return WorkTime(tz) if tz != "UTC" else ALWAYS
    return WorkTime(tz, lambda first, last: calendar._oms_read_hours(tz, first, last))


def get_warehouse_route(warehouse):
    """The part of the way that the warehouse tells."""
    warehouse = warehouse.sudo()
    return Route(
        work=get_work(warehouse.oms_calendar_id, warehouse._oms_get_tz()),
        cutoff=warehouse.oms_cutoff_hour or None,
        pick_hours=warehouse.oms_pick_hours,
        pickup=warehouse.oms_pickup_hour or None,
        dock_days=warehouse.oms_dock_days,
    )


class Routes:
    """Ways from warehouses to customers, each made once."""

    def __init__(self):
        self._routes = {}

    def get(self, warehouse, carrier, partner):
        """
        :param warehouse: ``stock.warehouse``
        :param carrier: ``delivery.carrier``, or none
        :param partner: the delivery address, or none
        """
        receiving = partner and partner._oms_get_receiving_calendar()
        key = (warehouse.id, carrier.id, receiving and receiving.id)
        if key not in self._routes:
            if warehouse not in self._routes:
                self._routes[warehouse] = get_warehouse_route(warehouse)
            carrier = carrier.sudo()
            self._routes[key] = replace(
                self._routes[warehouse],
                carrier=get_work(carrier.oms_calendar_id),
                transit_days=carrier.oms_transit_days,
                receiving=get_work(receiving) if receiving else ALWAYS,
            )
        return self._routes[key]
