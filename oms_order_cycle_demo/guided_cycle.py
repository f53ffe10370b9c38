"""One order of the demo company from quotation to payment, as its people would do it.

Every step calls what the button calls, as the user who would press it, and is a
transaction of its own, like the browser's requests are. Each run makes a new order.
"""

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime

from .company.office import USERS
from .world import TIMEZONE, XMLID_MODULE

#: The customer is small and the order is not: the credit limit holds it.
CUSTOMER = "partner_rtm_vee"
#: product, quantity, unit of measure
LINES = [
    ("product_cof_esp", 9, "uom_case_8"),
    ("product_gls_win", 8, "uom_case_12"),
    ("product_nap_33w", 10, "uom_case_20"),
]


class GuidedCycle:
    """Takes one order through the three-step warehouse and notes each step."""

    def __init__(self, env, commit=True):
        self.root_env = env
        self.commit = commit
        self.company = self._ref("company")
        self.rows = []
        self.order = None

    # -- helpers ----------------------------------------------------------------

    def _ref(self, name):
        return self.root_env.ref(f"{XMLID_MODULE}.{name}").sudo()

    def _user(self, login):
        return self._ref(f"user_{login}")

    def _env(self, login):
        """Environment of a user at work in the demo company."""
        env = self.root_env(
            user=self._user(login),
            su=False,
            context={
                "lang": "en_US",
                "tz": TIMEZONE,
                "allowed_company_ids": self.company.ids,
            },
        )
        # as in the user's own request: what is computed late is the user's doing
        env.transaction.default_env = env
        return env

    def _as(self, login, records):
        return records.with_env(self._env(login))

    def _finish_request(self):
        """End the transaction as the end of a request does."""
        if self.commit:
            self.root_env.cr.commit()  # pylint: disable=invalid-commit
        else:
            self.root_env.cr.flush()
        self.root_env.invalidate_all()

    def _note(self, what, login, document):
        """Remember a step for the table."""
        self._finish_request()
        order = self.order.sudo()
        stage = order.oms_stage_id.name
        self.rows.append(
            (
                what,
                stage or ("closed" if order.oms_cycle_state == "closed" else ""),
                Datetime.context_timestamp(
                    order.with_context(tz=TIMEZONE), Datetime.now()
                ).strftime("%H:%M:%S"),
                document,
                f"{login} ({self._user(login).name})",
            )
        )

    def _follow(self, env, action, **values):
        """Fill in and confirm the dialog that a button opened.

        :return: the wizard, ready for its own button
        """
        context = dict(env.context)
        context.update(action.get("context") or {})
        wizard = env[action["res_model"]].with_context(**context)
        if action.get("res_id"):
            wizard = wizard.browse(action["res_id"])
            wizard.write(values)
            return wizard
        return wizard.create(values)

    # -- the cycle --------------------------------------------------------------

    def run(self):
        """Take a new order from taken to paid.

        :return: the order
        """
        self.top_up_stock()
        self.take()
        self.confirm()
        self.lift_hold()
        self.pick()
        self.pack()
        self.ship()
        self.deliver()
        self.invoice()
        self.pay()
        self.root_env.transaction.default_env = self.root_env
        return self.order

    def top_up_stock(self):
        """Count in what earlier runs have sold; nothing to do on the first ones."""
        env = self.root_env(su=True, context={"allowed_company_ids": self.company.ids})
        location = self._ref("warehouse_rot").lot_stock_id
        for name, quantity, uom in LINES:
            product = self._ref(name).with_env(env).with_context(location=location.id)
            needed = self._ref(uom)._compute_quantity(quantity, product.uom_id)
            if product.free_qty < needed:
                quant = (
                    env["stock.quant"]
                    .with_context(inventory_mode=True)
                    .create(
                        {
                            "product_id": product.id,
                            "location_id": location.id,
                            "inventory_quantity": needed * 20,
                        }
                    )
                )
                quant.action_apply_inventory()

    def take(self):
        """Sales makes the quotation."""
        env = self._env("sales")
        order = env["sale.order"].create(
            {
                "partner_id": self._ref(CUSTOMER).id,
                "oms_channel_id": self._ref("channel_phone").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._ref(product).id,
                            "product_uom_qty": quantity,
                            "product_uom_id": self._ref(uom).id,
                        }
                    )
                    for product, quantity, uom in LINES
                ],
            }
        )
        self.order = order
        action = order.action_open_delivery_wizard()
        wizard = self._follow(
            env, action, carrier_id=self._ref("carrier_truck").id, order_id=order.id
        )
        wizard.update_price()
        wizard.button_confirm()
        self._note("Quotation", "sales", order.name)

    def confirm(self):
        """Sales confirms; the credit check stops the order."""
        order = self._as("sales", self.order)
        order.action_confirm()
        self._note("Confirmed", "sales", order.name)
        holds = self._open_holds()
        if not holds:
            raise ValueError(f"{order.name} was expected to be held for credit")
        self._note("Held for credit", "sales", holds.type_id[0].name)

    def _open_holds(self):
        return self.order.sudo().oms_hold_ids.filtered(lambda h: h.state == "open")

    def lift_hold(self):
        """Sales may not lift the hold, credit control may; that releases the order."""
        holds = self._open_holds()
        try:
            with self.root_env.cr.savepoint():
                self._as("sales", holds).action_lift()
        except AccessError:
            self._note("Lifting refused", "sales", holds.type_id[0].name)
        else:
            raise ValueError("Sales was expected not to be allowed to lift the hold")
        self._as("credit", holds).action_lift("Agreed with the owner by phone")
        self._note("Hold lifted", "credit", holds.type_id[0].name)
        self._note("Released", "credit", self._open_picking().name)

    def _open_picking(self):
        """The transfer of the order that is next."""
        return self.order.sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _press_validate(self, picking):
        """Validate, and answer what Odoo asks."""
        action = picking.button_validate()
        if isinstance(action, dict) and action.get("res_model") == "confirm.stock.sms":
            self._follow(picking.env, action).dont_send_sms()
        if picking.state != "done":
            raise ValueError(f"{picking.name} could not be validated: {action}")

    def pick(self):
        """The picker takes the goods from their bins."""
        picking = self._as("picker", self._open_picking())
        if picking.state != "assigned":
            picking.action_assign()
        self._press_validate(picking)
        self._note("Picked", "picker", picking.name)

    def pack(self):
        """The coffee on one roll container, glasses and napkins on another."""
        picking = self._as("picker", self._open_picking())
        packages = picking.env["stock.package"]
        for moves in (picking.move_ids[:1], picking.move_ids[1:]):
            moves.picked = True
            action = picking.action_put_in_pack()
            if isinstance(action, dict):
                self._follow(
                    picking.env, action, package_type_id=self._ref("package_roll").id
                ).action_put_in_pack()
            packages |= moves.move_line_ids.result_package_id
        self._press_validate(picking)
        self._note("Packed", "picker", f"{picking.name}: {_join(packages)}")

    def ship(self):
        """The dispatcher lets the truck leave."""
        picking = self._as("dispatcher", self._open_picking())
        self._press_validate(picking)
        self._note("Shipped", "dispatcher", picking.name)

    def deliver(self):
        """The driver calls: it has arrived."""
        picking = self._as("dispatcher", self.order.sudo().picking_ids).filtered(
            "oms_can_mark_delivered"
        )
        picking.action_oms_mark_delivered()
        self._note("Delivered", "dispatcher", picking.name)

    def invoice(self):
        """Customer service drafts the invoice, accounting posts it."""
        env = self._env("service")
        wizard = (
            env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=self.order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        invoice = self._as("accountant", self.order.sudo().invoice_ids)
        self._note("Invoice drafted", "service", f"draft {invoice.id}")
        invoice.action_post()
        self._note("Invoiced", "accountant", invoice.name)

    def pay(self):
        """Accounting registers the payment."""
        env = self._env("accountant")
        invoice = self._as("accountant", self.order.sudo().invoice_ids)
        wizard = self._follow(env, invoice.action_register_payment())
        wizard.action_create_payments()
        self._note("Paid", "accountant", invoice.matched_payment_ids[-1:].name or "")

    # -- telling ----------------------------------------------------------------

    def describe(self):
        """The steps as a table, and how to look at the order."""
        order = self.order.sudo()
        head = ("Step", "Stage afterwards", "Time", "Document", "Who")
        table = [head, *self.rows]
        widths = [max(len(row[column]) for row in table) for column in range(len(head))]
        lines = ["  ".join(map(str.ljust, row, widths)) for row in table]
        lines.insert(1, "  ".join("-" * width for width in widths))
        logins = [
            f"  {login:<{max(len(user[0]) for user in USERS)}}  {name}, {title}"
            for login, name, title, _group in USERS
        ]
        return "\n".join(
            [
                f"One order of {self.company.name}, from taken to paid:",
                "",
                *(line.rstrip() for line in lines),
                "",
                f"{order.name} is {order.oms_cycle_state}: see it at"
                f" /odoo/orders/{order.id}",
                "",
                "Log in as (the password is the login):",
                *logins,
            ]
        )


def _join(records):
    return ", ".join(records.mapped("name"))


def run(env, commit=True):
    """Run the guided cycle in ``env``.

    :param bool commit: end each step's transaction, as the browser's requests do
    :return: the table to be shown
    """
    cycle = GuidedCycle(env, commit=commit)
    cycle.run()
    return cycle.describe()
