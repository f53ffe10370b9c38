from odoo import Command, fields
from odoo.tests import Form, TransactionCase, new_test_user

#: Our roles, each a group ``group_oms_<role>``, in the order of their boxes.
ROLES = (
    "sales",
    "service",
    "credit",
    "warehouse",
    "dispatch",
    "accounting",
    "consultant",
    "manager",
)
NO_MAIL = {
    "tracking_disable": True,
    "no_reset_password": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "skip_sms": True,
}


class OrderCycleCommon(TransactionCase):
    """A small distributor of its own: company, products, customer, accounts.

    Nothing depends on demo data.  The journal is written at the end of a
    transaction, so tests that look at it call :meth:`journal`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **NO_MAIL))
        cls.company = cls.create_company("OMS Test Distributor")
        cls.env.user.company_ids = [Command.link(cls.company.id)]
        cls.env.user.company_id = cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.company = cls.company.with_env(cls.env)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.case = cls.env["uom.uom"].create(
            {
                "name": "OMS Case of 6",
                "relative_factor": 6,
                "relative_uom_id": cls.unit.id,
            }
        )
        cls.customer = cls.create_customer("OMS Customer")
        cls.product_a = cls.create_product("OMS Product A")
        cls.product_b = cls.create_product("OMS Product B")
        cls.by_delivery = cls.create_product(
            "OMS Product Invoiced on Delivery", invoice_policy="delivery"
        )
        cls.service = cls.create_product(
            "OMS Service", type="service", is_storable=False
        )
        cls.workflow = cls.create_workflow(
            "OMS Test Workflow",
            [
                "confirmed",
                "released",
                "picked",
                "packed",
                "shipped",
                "delivered",
                "invoiced",
                "paid",
            ],
            company_id=cls.company.id,
            is_default=True,
        )

    # -- factories --------------------------------------------------------------

    @classmethod
    def create_company(cls, name):
        company = cls.env["res.company"].create(
            {"name": name, "country_id": cls.env.ref("base.us").id}
        )
        cls.env.user.company_ids = [Command.link(company.id)]
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        return company

    @classmethod
    def create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "street": "1 Market Street",
                "city": "Springfield",
                "zip": "12345",
                "country_id": cls.env.ref("base.us").id,
                "email": f"{name.lower().replace(' ', '.')}@example.com",
                **values,
            }
        )

    @classmethod
    def create_product(cls, name, quantity=1000, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 10.0,
                "weight": 1.5,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                **values,
            }
        )
        if product.is_storable and quantity:
            cls.stock_up(product, quantity)
        return product

    @classmethod
    def stock_up(cls, product, quantity, warehouse=None):
        location = (warehouse or cls.warehouse).lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    @classmethod
    def create_workflow(cls, name, stages, publish=True, **values):
        """A workflow; a stage is a milestone, or a dict of values."""
        workflow = cls.env["oms.workflow"].create(
            {
                "name": name,
                "sequence": 1,
                **values,
                "stage_ids": [
                    Command.create(
                        {
                            "sequence": number * 10,
                            **(
                                {"name": f"To be {stage}", "milestone": stage}
                                if isinstance(stage, str)
                                else stage
                            ),
                        }
                    )
                    for number, stage in enumerate(stages, start=1)
                ],
            }
        )
        if publish:
            workflow.action_publish()
        return workflow

    @classmethod
    def create_order(cls, *lines, confirm=True, **values):
        """An order; a line is (product, quantity) or (product, quantity, unit)."""
        lines = lines or ((cls.product_a, 10),)
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                **values,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line[0].id,
                            "product_uom_qty": line[1],
                            **({"product_uom_id": line[2].id} if line[2:] else {}),
                        }
                    )
                    for line in lines
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def create_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    # -- what people do ---------------------------------------------------------

    @classmethod
    def set_steps(cls, steps):
        cls.warehouse.delivery_steps = steps

    @classmethod
    def open_transfers(cls, orders):
        return orders.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    @classmethod
    def validate(cls, pickings, quantities=None, backorder=True):
        """Validate transfers as the button does, whole or in part.

        :param dict quantities: ``{product: quantity}`` done, of what is demanded
        :param bool backorder: whether the rest is kept in a backorder
        """
        pickings.action_assign()
        if quantities is not None:
            for move in pickings.move_ids:
                move.quantity = quantities.get(move.product_id, 0)
                move.picked = bool(move.quantity)
        pickings.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else pickings.ids,
        ).button_validate()

    @classmethod
    def ship(cls, orders):
        """Validate all steps until nothing is open."""
        for _step in range(4):
            pickings = cls.open_transfers(orders)
            if not pickings:
                break
            cls.validate(pickings)

    @classmethod
    def return_goods(cls, picking, quantity, refund=True):
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": refund})
        back = wizard._create_return()
        back.button_validate()
        return back

    @classmethod
    def invoice(cls, orders, **kwargs):
        moves = orders._create_invoices(**kwargs)
        moves.action_post()
        return moves

    @classmethod
    def pay(cls, moves, amount=None, date=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": date or fields.Date.today()})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    # -- what is true -----------------------------------------------------------

    def journal(self):
        """Write the journal, as the end of a request does."""
        self.env.cr.flush()

    def facts(self, order):
        """Names of the milestones the order has reached."""
        self.env.flush_all()
        return {
            name.removeprefix("oms_").removesuffix("_at")
            for name in order._fields
            if name.startswith("oms_") and name.endswith("_at") and order[name]
        }

    def assertFacts(self, order, *milestones):
        self.assertEqual(self.facts(order), set(milestones))

    def assertStage(self, order, name):
        self.env.flush_all()
        self.assertEqual(order.oms_stage_id.name or order.oms_cycle_state, name)

    def assertQuantities(self, line, **quantities):
        """Check cumulative quantities of a line, e.g. ``picked=6, shipped=4``."""
        line.invalidate_recordset([f"oms_qty_{name}" for name in quantities])
        self.assertEqual(
            {name: round(line[f"oms_qty_{name}"], 4) for name in quantities}, quantities
        )

    def assertNoDrift(self, orders):
        self.assertEqual(orders._oms_mend_drift(), {})

    def form(self, record, view=None):
        return Form(record, view)
