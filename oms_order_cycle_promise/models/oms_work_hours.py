from odoo import api, models


class OmsWorkHours(models.AbstractModel):
    """What working hours are made of: what was read of them is forgotten on change."""

    _name = "oms.work.hours"
    _description = "Part of Working Hours"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget_hours()
        return records

    def write(self, vals):
        # before, too: leave of a person does not become nobody's unseen
        self._forget_hours()
        res = super().write(vals)
        self._forget_hours()
        return res

    def unlink(self):
        self._forget_hours()
        return super().unlink()

    def _forget_hours(self):
        # leave of one person closes nothing
        is_common = "resource_id" not in self or not all(self.mapped("resource_id"))
        if self and is_common:
            self.env.registry.clear_cache()
