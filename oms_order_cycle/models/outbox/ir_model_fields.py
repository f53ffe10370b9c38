from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.conditions import find_fields


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def _prepare_update(self):
        """A field that somebody made is not taken away from a condition. With an addon
        it may go: then the condition counts as not met."""
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            self._oms_check_not_asked()
        return super()._prepare_update()

    def _oms_check_not_asked(self):
        going = {(field.model, field.name) for field in self if field.state == "manual"}
        if not going:
            return
        orders = self.env["sale.order"].sudo()
        for model in self.env["oms.conditioned"]._get_conditioned_models():
            for record in (
                model.sudo().with_context(active_test=False).search(Domain.TRUE)
            ):
                for text, where in record._get_conditions():
                    if asked := going & find_fields(orders, text):
                        raise UserError(
                            self.env._(
                                "The condition of “%(where)s” (%(model)s) asks for the"
                                " field %(field)s: it cannot be changed or removed.",
                                where=where,
                                model=record._description,
                                field=next(iter(asked))[1],
                            )
                        )
