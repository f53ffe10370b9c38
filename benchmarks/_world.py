"""A small distributor to measure with, in a database without demo data."""

PRODUCTS = 1000
PARTNERS = 50
STOCK = 10_000_000


def build(env):
    """Products with stock, customers, a one-step and a three-step warehouse."""
    _load_chart(env)
    warehouse = env["stock.warehouse"].search([], limit=1)
    three_steps = env["stock.warehouse"].create(
        {"name": "Three steps", "code": "WH3", "delivery_steps": "pick_pack_ship"}
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Bench product {number:04}",
                "default_code": f"BP{number:04}",
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "delivery",
                "list_price": 10 + number % 90,
                "weight": 0.5 + number % 7,
                "volume": 0.001 * (1 + number % 9),
            }
            for number in range(PRODUCTS)
        ]
    )
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {
                "product_id": product.id,
                "location_id": stock.lot_stock_id.id,
                "inventory_quantity": STOCK,
            }
            for product in products
            for stock in (warehouse, three_steps)
        ]
    ).action_apply_inventory()
    country = env.ref("base.us")
    env["res.partner"].create(
        [
            {
                "name": f"Bench customer {number:02}",
                "is_company": True,
                "email": f"customer{number:02}@example.com",
                "street": f"{number} Main Street",
                "city": "Springfield",
                "zip": f"{10000 + number}",
                "country_id": country.id,
            }
            for number in range(PARTNERS)
        ]
    )


def _load_chart(env):
    company = env.company
    if not company.chart_template:
        company.country_id = env.ref("base.us")
        env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )


class Life:
    """Orders of one size on their way from taken to paid; each step is one request."""

    ONE_STEP = ("create", "confirm", "reserve", "put in pack", "validate OUT")
    THREE_STEPS = (
        "create",
        "confirm",
        "reserve",
        "validate PICK",
        "put in pack",
        "validate PACK",
        "validate OUT",
    )
    CASH = ("create invoices", "post", "pay")

    @classmethod
    def steps(cls, three_steps):
        return (cls.THREE_STEPS if three_steps else cls.ONE_STEP) + cls.CASH

    def __init__(self, orders, lines, three_steps, offset=0):
        self.number = orders
        self.lines = lines
        self.three_steps = three_steps
        self.offset = offset
        self.order_ids = []

    def prepare(self, env, step):
        """What has to happen before the step and is not measured."""
        if step == "reserve":
            # Odoo reserves at confirmation: give it something to do again.
            self._orders(env).picking_ids.do_unreserve()

    def run(self, env, step):
        getattr(self, f"_{step.replace(' ', '_').lower()}")(env)

    def _orders(self, env):
        return env["sale.order"].browse(self.order_ids)

    def _open(self, env, kind):
        """Transfers of one step that are not done yet."""
        pickings = self._orders(env).picking_ids
        warehouse = pickings.picking_type_id.warehouse_id
        return pickings.filtered(
            lambda picking: (
                picking.picking_type_id == warehouse[f"{kind}_type_id"]
                and picking.state not in ("done", "cancel")
            )
        )

    def _create(self, env):
        partners = env["res.partner"].search([("name", "=like", "Bench customer %")])
        products = env["product.product"].search([("default_code", "=like", "BP%")])
        # Small orders come back to the same 40 products, as in a real shop.
        pool = products if self.lines > 40 else products[:40]
        code = "WH3" if self.three_steps else "WH"
        warehouse = env["stock.warehouse"].search([("code", "=", code)])
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partners[(self.offset + number) % len(partners)].id,
                    "warehouse_id": warehouse.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": pool[(number * 5 + line) % len(pool)].id,
                                "product_uom_qty": 1 + line % 3,
                            },
                        )
                        for line in range(self.lines)
                    ],
                }
                for number in range(self.number)
            ]
        )
        self.order_ids = orders.ids

    def _confirm(self, env):
        self._orders(env).action_confirm()

    def _reserve(self, env):
        self._orders(env).picking_ids.action_assign()

    def _put_in_pack(self, env):
        for picking in self._open(env, "pack" if self.three_steps else "out"):
            picking.action_put_in_pack()

    def _validate(self, env, kind):
        pickings = self._open(env, kind)
        assert len(pickings) == self.number, (kind, len(pickings), self.number)
        pickings.with_context(skip_sms=True, skip_backorder=True).button_validate()
        assert set(pickings.mapped("state")) == {"done"}

    def _validate_pick(self, env):
        self._validate(env, "pick")

    def _validate_pack(self, env):
        self._validate(env, "pack")

    def _validate_out(self, env):
        self._validate(env, "out")

    def _create_invoices(self, env):
        invoices = self._orders(env)._create_invoices(grouped=True)
        assert len(invoices) == self.number

    def _post(self, env):
        self._orders(env).invoice_ids.action_post()

    def _pay(self, env):
        invoices = self._orders(env).invoice_ids
        env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=invoices.ids,
            dont_redirect_to_payments=True,
        ).create({"group_payment": False}).action_create_payments()
        assert set(invoices.mapped("payment_state")) <= {"paid", "in_payment"}
