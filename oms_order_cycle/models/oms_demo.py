from odoo import api, models


class OmsDemo(models.AbstractModel):
    """Door through which the demo data file reaches the builder of the demo company."""

    _name = "oms.demo"
    _description = "Demo Company of the Order Cycle"

    @api.model
    def _load(self):
        """Build the demo company, unless it is there; called by the demo data only."""
        if not self.env.context.get("install_demo"):
            return
        # imported only here: nothing of the demo is alive in production
        from ..demo.builder import DemoBuilder

        DemoBuilder(self.env).build()
