"""What customers see of their orders in the portal."""

from odoo import fields, models

from ...facts.milestones import GOODS_MILESTONES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_portal_timeline(self):
        """What the customer may see of where the order stands.

        Stages without a label for the customer are left out, stages in a row with the
        same label are one. Where the order passes over stages, since nothing of it is
        to be delivered, they and those after them are left out: no word of them would
        be true. Internal names never leave the house.

        :return: list of dicts ``label``, ``state`` (done, current or todo) and ``date``
            (when the order came to stand there, or False)
        :rtype: list
        """
        self.ensure_one()
        # who shows the page has checked that the order is the customer's
        self = self.sudo()
        timeline = self._oms_get_portal_entries().get(self, [])
        if timeline:
            stages = self.oms_workflow_id.stage_ids
            passed_at = self._oms_get_passed_moments(
                stages, self._oms_get_stage_position(stages)
            )
            for entry in timeline:
                # it came to stand here when the last of the stages before was passed
                moments = [moment for moment in passed_at[: entry["first"]] if moment]
                entry["date"] = entry["state"] != "todo" and max(moments, default=False)
        return timeline

    def _oms_portal_labels(self):
        """Where orders stand, for the list of them in the portal: the current entry of
        the timeline, or the last one that is done.

        :return: ``{order id: entry}``
        """
        labels = {}
        for order, timeline in self.sudo()._oms_get_portal_entries().items():
            reached = [entry for entry in timeline if entry["state"] != "todo"]
            if reached:
                labels[order.id] = reached[-1]
        return labels

    def _oms_portal_remarks(self):
        """What else the customer wants to know: when goods are expected, in how many
        boxes they come, and whether the order waits for him.

        :return: dict ``expected`` (datetime or False), ``boxes`` (number), ``waits``
            (list of sentences), ``tz`` (the time zone to show moments in)
        """
        self.ensure_one()
        self = self.sudo()
        expected = False
        if self.oms_goods == "wanted" and not self.oms_delivered_at:
            expected = (
                self.oms_promised_date or self.commitment_date or self.expected_date
            )
        if expected and expected < fields.Datetime.now():
            # what was promised is over: no screen tells when it is to come now
            expected = False
        lines = self.order_line.move_ids.filtered(
            lambda move: (
                move.state != "cancel" and move.picking_type_id.oms_step == "ship"
            )
        ).move_line_ids
        return {
            "expected": expected,
            "boxes": len(lines.result_package_id.outermost_package_id),
            "waits": self._oms_portal_waits() if self.oms_cycle_state == "open" else [],
            "tz": self._oms_get_portal_tz(),
        }

    def _oms_get_portal_tz(self):
        """Who comes by the link in an e-mail has no time zone of his own: it is the
        customer's, or that of who sells to him."""
        return (
            self.env.user.tz
            or self.partner_id.tz
            or self.partner_id.commercial_partner_id.tz
            or self.user_id.tz
            or "UTC"
        )

    def _oms_portal_waits(self):
        """Hook: what the order waits for from the customer, in sentences for him."""
        return []

    def _oms_get_portal_entries(self):
        """Entries of the timelines of confirmed orders, without dates.

        :return: ``{order: [{"label", "state", "first": place of the first stage}]}``
        """
        followed = self.filtered(
            lambda order: order.state == "sale" and order.oms_workflow_id
        )
        return {
            order: order._oms_make_portal_entries(progress["applies"])
            for order, progress in followed._oms_get_progress().items()
        }

    def _oms_make_portal_entries(self, applies):
        self.ensure_one()
        stages = self.oms_workflow_id.stage_ids
        current = self._oms_get_stage_position(stages)
        timeline = []
        for position, stage in enumerate(stages):
            goods = stage.exit_kind == "milestone" and stage.milestone
            if goods in GOODS_MILESTONES[1:] and not applies[goods]:
                # what the stages from here on are called may tell of goods
                break
            label = (stage.customer_label or "").strip()
            if not label:
                continue
            if not timeline or timeline[-1]["label"] != label:
                timeline.append({"label": label, "state": "todo", "first": position})
            entry = timeline[-1]
            if current > position:
                entry["state"] = "done"
            elif entry["first"] <= current:
                entry["state"] = "current"
        return self._oms_finish_portal_entries(timeline, current, len(stages))

    def _oms_finish_portal_entries(self, timeline, current, end):
        """The step that is current while the order stands where its customer is not
        told, and a word for him when nothing of it will come."""
        if self._oms_is_untouched():
            self._oms_say_received(timeline, current)
        reached = [entry for entry in timeline if entry["state"] != "todo"]
        if reached and current < end:
            reached[-1]["state"] = "current"
        if self.oms_goods == "cancelled":
            if reached:
                reached[-1]["state"] = "done"
            timeline.insert(
                len(reached),
                {
                    "label": self.env._("Delivery cancelled"),
                    "state": "current" if current < end else "done",
                    "first": current,
                    "cancelled": True,
                },
            )
        return timeline

    def _oms_is_untouched(self):
        """Whether goods are wanted and the warehouse knows of none of them."""
        return (
            self.oms_goods == "wanted"
            and not self.oms_released_at
            and not any(self.order_line.mapped("oms_launched_qty"))
        )

    def _oms_say_received(self, timeline, current):
        """An order that was not released is in no step of the warehouse, although a
        workflow without a stage for that has it stand in one."""
        stages = self.oms_workflow_id.stage_ids
        untrue = [
            entry
            for entry in timeline
            if entry["state"] != "todo"
            and stages[entry["first"]].milestone in GOODS_MILESTONES[1:]
        ]
        for entry in untrue:
            entry["state"] = "todo"
        if untrue and all(entry["state"] == "todo" for entry in timeline):
            timeline.insert(
                0,
                {
                    "label": self.env._("Order received"),
                    "state": "current",
                    "first": current,
                },
            )

    # -- the customer's reference -----------------------------------------------------

    def _oms_is_client_ref_asked(self):
        """Whether the customer is to be asked for his reference before he confirms."""
        self.ensure_one()
        order = self.sudo()
        return order.state in ("draft", "sent") and bool(
            order._oms_find_client_ref_faults()
        )

    def _oms_explain_client_ref_to_customer(self):
        """What is to be done, in words for the customer."""
        self.ensure_one()
        order = self.sudo()
        if order.oms_client_ref_clean:
            return self.env._(
                "You have already ordered under the reference %s. Please enter another"
                " one.",
                order.client_order_ref.strip(),
            )
        return self.env._("Please enter your reference for this order first.")

    def _oms_set_portal_client_ref(self, reference):
        """Keep the reference that a customer entered.

        Who shows the page has checked that the order is the customer's.

        :return: whether the order can be confirmed with it
        """
        self.ensure_one()
        order = self.sudo()
        if order._oms_is_client_ref_asked() and (reference or "").strip():
            order.client_order_ref = reference.strip()[:250]
        return not order._oms_is_client_ref_asked()

    # -- where the order is -----------------------------------------------------------

    def _oms_get_stage_position(self, stages):
        """Place of the order's stage among those of its workflow."""
        if self.oms_cycle_state == "closed":
            return len(stages)
        ids = stages.ids
        return ids.index(self.oms_stage_id.id) if self.oms_stage_id.id in ids else 0

    def _oms_get_passed_moments(self, stages, current):
        """When the order passed each of the stages before its own, where it is known.

        Milestones are facts with a time; what was approved or met a condition is told
        by the journal.
        """
        events = self.env["oms.event"]
        if any(stage.exit_kind != "milestone" for stage in stages[:current]):
            events = events.sudo().search_fetch(
                [("order_id", "=", self.id), ("from_stage_id", "!=", False)],
                ["date", "from_stage_id"],
                order="date, id",
            )
        left_at = {event.from_stage_id.id: event.date for event in events}
        return [
            self[f"oms_{stage.milestone}_at"]
            if stage.exit_kind == "milestone"
            else left_at.get(stage.id, False)
            for stage in stages[:current]
        ]
