from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.condition_gate import check_can_ask, parse_condition
from ...tools.conditions import find_fault


class OmsConditioned(models.AbstractModel):
    """Set-up that is for the orders that meet conditions, typed as domains.

    A condition is tried when it is saved. One that cannot be asked all the same, as a
    field went away with its addon, counts as not met: nobody is stopped, and who set
    it up is told.
    """

    _name = "oms.conditioned"
    _description = "Has Conditions on Orders"

    condition_problem = fields.Text(
        compute="_compute_condition_problem",
        search="_search_condition_problem",
        compute_sudo=True,
        help="Why a condition counts as not met for all orders.",
    )

    def _get_conditions(self):
        """Hook: conditions of one record: ``[(text, name of what has it)]``."""
        self.ensure_one()
        return []

    @api.model
    def _get_condition_fields(self):
        """Hook: the fields that :meth:`_get_conditions` reads."""
        return []

    @api.depends(lambda self: self._get_condition_fields())
    @api.depends_context("lang")
    def _compute_condition_problem(self):
        orders = self.env["sale.order"].sudo()
        for record in self:
            record.condition_problem = "\n".join(
                self.env._(
                    "The condition of “%(where)s” counts as not met: %(fault)s",
                    where=where,
                    fault=fault,
                )
                for text, where in record._get_conditions()
                if (fault := find_fault(orders, text, self._is_searched()))
            )

    @api.model
    def _search_condition_problem(self, operator, value):
        if operator != "in" or any(value):
            return NotImplemented
        records = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return [("id", "not in", records.filtered("condition_problem").ids)]

    @api.model
    def _is_searched(self):
        """Hook: whether the database is asked the conditions, or orders at hand."""
        return False

    @api.model
    def _get_conditioned_models(self):
        """The models that have conditions on orders."""
        names = self.env.registry["oms.conditioned"]._inherit_children
        return [self.env[name] for name in names if not self.env[name]._abstract]

    @api.model
    def _get_condition_texts(self):
        """Hook: the fields that hold conditions on orders."""
        return []

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_can_ask(self._get_condition_texts())
        return records

    def write(self, vals):
        res = super().write(vals)
        names = self._get_condition_texts()
        self._check_can_ask([name for name in names if name in vals])
        return res

    def _check_can_ask(self, names):
        """Refuse conditions on what the user may not read. But he may keep, in a copy
        say, what somebody who may has asked for already.

        :raise AccessError: naming the field
        """
        if self.env.su:
            return
        others = self.with_context(active_test=False)
        for name in names:
            for text, records in self.grouped(name).items():
                if not others.search_count(
                    [(name, "=", text), ("id", "not in", self.ids)], limit=1
                ):
                    where = records[0].display_name
                    check_can_ask(self.env["sale.order"], text, where)

    def _parse_condition(self, name, where):
        """One condition as a ``Domain``, once it is clear that it can be used.

        :param str name: the field that has it
        :param str where: what it is called in messages
        :raise ValidationError: it cannot be used
        """
        self.ensure_one()
        return parse_condition(self.env["sale.order"], self[name], where)
