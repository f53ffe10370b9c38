from datetime import timezone

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..atp import commitment
from ..tools.routes import get_work

_DAY = (0, 24)


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "oms.limited"]

    oms_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        ondelete="restrict",
        help="When goods are picked and handed over. With working hours, dates are"
        " promised from what is in stock, what is to come and what is promised already;"
        " without, dates are those of Odoo.",
    )
    oms_tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        help="The time zone of the warehouse. Empty: that of its working hours.",
    )
    oms_cutoff_hour = fields.Float(
        string="Cut-off",
        help="Local time from which work on an order starts on the next working day."
        " 00:00: none.",
    )
    oms_pick_hours = fields.Float(
        string="Time to Pick",
        help="Working hours from the start of work on an order until its goods are"
        " ready to leave.",
    )
    oms_pickup_hour = fields.Float(
        string="Pick-up",
        help="Local time at which the carrier comes: what is ready later leaves on the"
        " next day. 00:00: at the end of the day.",
    )
    oms_dock_days = fields.Integer(
        string="Days to Put Away",
        help="Working days from the arrival of a receipt until its goods can be"
        " picked.",
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "oms_cutoff_hour": _DAY,
            "oms_pickup_hour": _DAY,
            "oms_pick_hours": (0, 1000),
            "oms_dock_days": (0, 100),
        }

    @api.constrains("oms_calendar_id")
    def _check_oms_calendar_id(self):
        for warehouse in self:
            calendar = warehouse.oms_calendar_id.sudo()
            if calendar and not calendar.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has no working hours: no date could be promised"
                        " from %(warehouse)s.",
                        calendar=calendar.name,
                        warehouse=warehouse.name,
                    )
                )

    def _oms_get_tz(self):
        """Name of the time zone in which the warehouse works."""
        self.ensure_one()
        return self.oms_tz or self.oms_calendar_id.tz or "UTC"

    def _oms_get_departure(self, day):
        """The moment at which goods leave on a day: the pick-up, or the end of the day.

        :return: naive UTC
        """
        self.ensure_one()
        warehouse = self.sudo()
        tz = warehouse._oms_get_tz()
        if not warehouse.oms_pickup_hour:
            return commitment(day, tz)
        moment = get_work(warehouse.oms_calendar_id, tz).at(
            day, warehouse.oms_pickup_hour
        )
        return moment.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    @tools.ormcache()
    def _oms_get_promising(self):
        """Ids of the warehouses that promise dates.

        :rtype: frozenset
        """
        found = self.sudo().with_context(active_test=False)
        return frozenset(found.search([("oms_calendar_id", "!=", False)]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        self.env.registry.clear_cache()
        return warehouses

    def write(self, vals):
        res = super().write(vals)
        if "oms_calendar_id" in vals:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
