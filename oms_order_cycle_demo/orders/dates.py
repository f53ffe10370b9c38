"""Moves the times of documents back to when things would have happened."""

from odoo.tools import SQL

from .book import Desk
from .credit import LATE_HOLDS


class DateDesk(Desk):
    """Writes times that the documents' own methods cannot write."""

    def date_documents(self):
        """Move the documents' times back to when things happened."""
        self.env.flush_all()
        for plan in self.book.plans:
            self._date_order(plan)
            self._date_holds(plan)
            for picking in plan.order.picking_ids:
                self._date_picking(plan, picking)
            for invoice in plan.order.invoice_ids:
                self._date_invoice(plan, invoice)
        self._date_messages()
        self.env.invalidate_all()

    def _set(self, table, ids, **values):
        """Write columns past the ORM: documents' own methods cannot backdate them."""
        if not ids:
            return
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(table),
                columns,
                tuple(ids),
            )
        )

    def _stamp(self, step, **more):
        """Columns that say who made a record in a step."""
        user = self.book.user(step)
        return {"create_uid": user.id, "write_uid": user.id, **more}

    def _date_order(self, plan):
        confirmed = plan.times.get("confirmed")
        self._set(
            "sale_order",
            plan.order.ids,
            create_date=plan.time("ordered"),
            date_order=confirmed or plan.time("ordered"),
            **({"create_uid": self.book.user("ordered").id}),
        )

        if plan.order.state == "cancel":
            self._set(
                "sale_order", plan.order.ids, write_date=self.book.cancel_time(plan)
            )
        self.env.cr.execute(
            SQL(
                "UPDATE oms_event SET date = %s, user_id = %s"
                " WHERE order_id = %s AND kind = 'approval'",
                plan.times.get("released", self.clock.now),
                self.refs["user_manager"].id,
                plan.order.id,
            )
        )

    def _date_holds(self, plan):
        holds = plan.order.oms_hold_ids
        for hold in holds:
            opened = plan.times.get("confirmed", self.clock.now)
            if plan.reach in LATE_HOLDS and hold.state == "open":
                opened = plan.time(plan.last)
            opener = (
                self.refs["user_service"]
                if hold.type_id.check == "manual"
                else self.book.user("confirmed")
            )
            values = {
                "opened_at": opened,
                "opened_by": opener.id,
                "create_date": opened,
                "create_uid": opener.id,
            }
            if hold.state != "open":
                values["lifted_at"] = plan.times.get("released", opened)
                values["lifted_by"] = self.refs["user_credit"].id
            values["deadline"] = hold._plan_deadline(hold.type_id, opened) or None
            self._set("oms_hold", hold.ids, **values)

    def _date_picking(self, plan, picking):
        step = self.book.step_of(picking)
        if step == "returned":
            done = self.book.return_time(plan)
            made = self.clock.back(done, 2)
            actor = "picked"
        else:
            done = plan.times.get(step)
            before = (
                "released"
                if step == "picked" or plan.one_step
                else plan.steps[plan.steps.index(step) - 1]
            )
            # a backorder is made when what is there goes on
            first = not picking.backorder_id
            made = plan.times.get(before if first else step)
            actor = step
        moves = picking.move_ids
        if picking.state == "done":
            self._set(
                "stock_picking",
                picking.ids,
                date_done=done,
                scheduled_date=done,
                **self._stamp(actor, create_date=made, write_date=done),
            )
            self._set(
                "stock_move",
                moves.ids,
                date=done,
                create_date=made,
                oms_released_at=plan.times.get("released", made),
            )
            self._set("stock_move_line", moves.move_line_ids.ids, date=done)
            packed_lines = moves.move_line_ids.filtered("result_package_id")
            packages = packed_lines.result_package_id
            packed = plan.times.get("packed")
            if packed and step in ("packed", "shipped"):
                self._set(
                    "stock_package",
                    packages.ids,
                    create_date=packed,
                    pack_date=self.clock.date(packed),
                )
                self._set("stock_move_line", packed_lines.ids, oms_packed_at=packed)
                self._date_packing(picking, made, packed, done)
            if picking.oms_delivered_at:
                self._set(
                    "stock_picking",
                    picking.ids,
                    oms_delivered_at=plan.time("delivered"),
                    oms_delivered_by=self.book.user("delivered").id,
                )
            return
        made = made or plan.times.get("confirmed")
        if not made:
            return
        due = self.clock.ahead(made, 9)
        self._set(
            "stock_picking",
            picking.ids,
            scheduled_date=due,
            **self._stamp(actor, create_date=made),
        )
        self._set(
            "stock_move",
            moves.ids,
            date=due,
            create_date=made,
            oms_released_at=plan.times.get("released", made),
        )

    def _date_packing(self, picking, made, packed, done):
        """Plans are made at release, and applied by the packer."""
        packer = self.book.user("packed").id
        ship_date = self.clock.date(done)
        for plan in picking.oms_pack_plan_ids:
            values = {"create_date": made, "ship_date": ship_date}
            if plan.applied_at:
                values.update(applied_at=packed, applied_by=packer)
            if plan.overridden_at:
                values.update(overridden_at=packed, overridden_by=packer)
            self._set("oms_pack_plan", plan.ids, **values)
            self._set(
                "oms_pack_box", plan.box_ids.ids, create_date=made, ship_date=ship_date
            )

    def _date_invoice(self, plan, invoice):
        if invoice.move_type == "out_refund":
            moment = self.book.return_time(plan, 8)
        elif invoice.line_ids.sale_line_ids.filtered("is_downpayment") and (
            invoice.amount_total
        ):
            moment = plan.time("confirmed")
        else:
            moment = plan.time("invoiced")
        self._set(
            "account_move",
            invoice.ids,
            oms_posted_at=moment,
            **self._stamp("invoiced", create_date=moment),
        )
        for partial in invoice.line_ids.matched_credit_ids:
            payment = partial.credit_move_id.move_id
            if payment.move_type == "out_refund":
                paid = self.book.return_time(plan, 8)
            elif plan.twist == "prepaid":
                paid = plan.time("released")
            elif plan.twist == "half":
                paid = self.clock.back(self.clock.now, 12)
            else:
                paid = plan.time("paid")
            self._set("account_partial_reconcile", partial.ids, create_date=paid)
            self._set(
                "account_payment",
                payment.origin_payment_id.ids,
                **self._stamp("paid", create_date=paid),
            )
            if payment.move_type == "entry":
                self._set(
                    "account_move",
                    payment.ids,
                    **self._stamp("paid", create_date=paid),
                )

    def _date_messages(self):
        """The few notes that Odoo itself wrote belong to the times of the documents."""
        orders = self.book.orders(self.book.plans)
        for records in (orders, orders.picking_ids, orders.invoice_ids):
            if not records:
                continue
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mail_message m SET date = r.create_date
                      FROM %s r
                     WHERE m.model = %s AND m.res_id = r.id AND r.id IN %s
                       AND m.date > r.create_date
                    """,
                    SQL.identifier(records._table),
                    records._name,
                    tuple(records.ids),
                )
            )

    def rederive(self):
        """Compute facts and stages from the moved times."""
        orders = self.book.orders(self.book.plans)
        self.env.add_to_compute(orders._fields["effective_date"], orders)
        # what is known of the stage would be kept: here the documents tell it all
        self._set("sale_order", orders.ids, oms_stage_since=None)
        orders.invalidate_recordset(["oms_stage_since"])
        orders._oms_rederive()
        self.env.flush_all()
