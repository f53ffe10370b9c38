from odoo import models

#: what a document lists, and the picker walks to
LISTS = ("move_ids", "move_line_ids")


class OmsByWalk(models.AbstractModel):
    """A document whose lines are read in the order of the walk.

    The order is found when somebody looks, so nothing is stored, and nothing is slower
    when goods are reserved or validated.
    """

    _name = "oms.by.walk"
    _description = "Order Cycle Document by Walk"

    def read(self, fields=None, load="_classic_read"):
        res = super().read(fields, load)
        if res:
            for name in LISTS:
                if name in res[0] and name in self._fields:
                    self._oms_sort_lists(name, res)
        return res

    def _oms_sort_lists(self, name, values):
        """Sort the ids of a field in what was read."""
        every = [line for vals in values for line in vals[name]]
        lines = self.env[self._fields[name].comodel_name].browse(every)
        for vals in values:
            if len(vals[name]) > 1:
                lines_of_one = lines.browse(vals[name]).with_prefetch(
                    lines._prefetch_ids
                )
                vals[name] = list(lines_of_one._oms_sort_by_walk()._ids)
