"""Where an order stands and why, in words and for the cycle bar."""

from babel.dates import format_skeleton, format_time, get_datetime_format

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, float_compare
from odoo.tools.misc import get_lang


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_cycle_bar(self):
        """Hook: what the cycle bar shows, as the ``oms_cycle_bar`` widget takes it."""
        self.ensure_one()
        workflow = self.oms_workflow_id.sudo()
        if not workflow or not self._origin.id:
            return False
        steps = workflow._explain(self, worded=self.oms_stage_id)
        now = fields.Datetime.now()
        closed = self.oms_cycle_state == "closed"
        stages = []
        turn, todo = self._oms_get_turn()
        entered = self.create_date
        for step in steps:
            stage = step["stage"]
            current = stage == self.oms_stage_id
            done = closed or (
                step["passed"]
                and not any(past["state"] == "current" for past in stages)
            )
            state = "current" if current else "done" if done else "todo"
            if done and not current and stage._is_passed_over(step["since"]):
                state = "skipped"
            deadline = self.oms_stage_deadline if current else False
            left = step["since"] if state == "done" else False
            since = self.oms_stage_since if current else entered if done else False
            if left:
                entered = max(entered, left) if entered else left
            stages.append(
                {
                    "id": stage.id,
                    "name": stage.name,
                    "state": state,
                    "since": fields.Datetime.to_string(since) if since else None,
                    "left_at": fields.Datetime.to_string(left) if left else None,
                    "deadline": fields.Datetime.to_string(deadline)
                    if deadline
                    else None,
                    "late": bool(deadline and deadline < now),
                    "exit": step["why"] if current else stage.exit_summary,
                    "next": todo if current else "",
                    "group": turn if current else stage.group_id.name or "",
                }
            )
        return {
            "stages": stages,
            "cycle_state": self.oms_cycle_state,
            "late": self.oms_is_late,
            "cancelled": self.oms_goods == "cancelled",
            "workflow": workflow.display_name,
            "reason": self.oms_workflow_reason or "",
            "channel": self.oms_channel_id.sudo().name or "",
        }

    def _oms_get_turn(self):
        """Hook: whose turn it is in the order's stage, and what to do.

        :return: name of a group and words, each of them may be empty
        """
        stage = self.oms_stage_id.sudo()
        return stage.group_id.name or "", stage.description or ""

    def _oms_explain(self):
        """Sentences: where the order stands, why, what stops it, what comes next."""
        self.ensure_one()
        if self.oms_cycle_state == "cancel":
            return [self.env._("The order is cancelled.")]
        workflow = self.oms_workflow_id.sudo()
        if not workflow:
            return [self.env._("No workflow is for this order.")]
        words = []
        if self.oms_cycle_state == "closed":
            words.append(self.env._("The order has passed all its stages."))
        else:
            words += self._oms_explain_stage(workflow)
        if self.oms_goods == "cancelled":
            words.append(self.env._("All that was to be delivered was cancelled."))
        if self._oms_is_overdue():
            words.append(
                self.env._(
                    "Late: the delivery was promised for %s, and not all has left.",
                    self._oms_format(self.commitment_date),
                )
            )
        words += self._oms_explain_obstacles()
        words.append(
            self.env._(
                "Follows the workflow %(workflow)s: %(reason)s.",
                workflow=workflow.display_name,
                reason=self.oms_workflow_reason or "",
            )
        )
        return words

    def _oms_explain_obstacles(self):
        """Hook: sentences on what keeps the order from going on."""
        withheld = self._oms_get_withheld() if self._oms_get_pending_lines() else {}
        if self not in withheld:
            return []
        return [self.env._("Not released to the warehouse yet: %s.", withheld[self])]

    def _oms_explain_stage(self, workflow):
        steps = workflow._explain(self, worded=self.oms_stage_id)
        position = next(
            (i for i, step in enumerate(steps) if step["stage"] == self.oms_stage_id),
            None,
        )
        if position is None:
            return []
        step = steps[position]
        words = [
            self.env._(
                "In %(stage)s since %(since)s: %(why)s.",
                stage=step["stage"].name,
                since=self._oms_format(self.oms_stage_since),
                why=step["why"].rstrip("."),
            )
        ]
        if self.oms_stage_deadline:
            late = self.oms_stage_deadline < fields.Datetime.now()
            text = (
                self.env._("It should have left the stage by %s.")
                if late
                else self.env._("It should leave the stage by %s.")
            )
            words.append(text % self._oms_format(self.oms_stage_deadline))
        turn, _todo = self._oms_get_turn()
        if turn:
            words.append(self.env._("It is the turn of %s.", turn))
        if position + 1 < len(steps):
            words.append(
                self.env._("Next comes %s.", steps[position + 1]["stage"].name)
            )
        return words

    def _oms_format(self, moment):
        """A moment as Odoo's screens show it: without the year when it is this one."""
        if not moment:
            return ""
        locale = babel_locale_parse(get_lang(self.env).code)
        local = self._oms_localize(moment)
        pattern = get_datetime_format("medium", locale=locale).replace("'", "")
        words = pattern.format(
            format_time(local, "short", tzinfo=local.tzinfo, locale=locale),
            self._oms_format_day(moment),
        )
        # the narrow blank before AM and PM
        return words.replace("\u202f", " ")

    def _oms_format_day(self, moment):
        """The day of a moment, the same way."""
        local = self._oms_localize(moment)
        today = self._oms_localize(fields.Datetime.now())
        skeleton = "MMMd" if local.year == today.year else "yMMMd"
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton(skeleton, local, locale=locale)

    def _oms_localize(self, moment):
        tz = self.env.user.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=tz), moment)

    def _oms_explain_missing(self, milestone):
        """Words why a milestone is not reached: which lines are missing how much."""
        self.ensure_one()
        if milestone == "confirmed":
            return self.env._("The order is not confirmed yet")
        if milestone in ("invoiced", "paid"):
            return self._oms_explain_cash(milestone)
        missing = self._oms_explain_missing_goods(milestone)
        awaited = self._oms_explain_awaited()
        if awaited:
            return self.env._(
                "%(missing)s: %(awaited)s", missing=missing, awaited=awaited
            )
        return missing

    def _oms_explain_missing_goods(self, milestone):
        digits = self.env["decimal.precision"].precision_get("Product Unit")

        def is_more(quantity, than):
            return float_compare(quantity, than, precision_digits=digits) > 0

        # the rows alone: to write all to the fields of many lines takes longer
        rows = self.order_line._oms_read_quantities().values()
        lines = [row for row in rows if is_more(row["wanted"], 0)]
        open_lines = [row for row in lines if is_more(row["wanted"], row[milestone])]
        verb = self._oms_get_verb(milestone)
        if not open_lines:
            return self._oms_explain_open_transfers(verb)
        if len(lines) == 1:
            return self.env._("The order's only line is still to be %s", verb)
        if not any(is_more(row[milestone], 0) for row in lines):
            return self.env._("Nothing has been %s yet", verb)
        if len(open_lines) == 1:
            return self.env._(
                "1 of %(all)s lines is still to be %(milestone)s",
                all=len(lines),
                milestone=verb,
            )
        return self.env._(
            "%(open)s of %(all)s lines are still to be %(milestone)s",
            open=len(open_lines),
            all=len(lines),
            milestone=verb,
        )

    def _oms_explain_awaited(self):
        """Hook: words for who but the warehouse is still asked for goods of the order
        (``awaited`` in ``facts/query.py``), if anybody is."""
        return ""

    def _oms_explain_open_transfers(self, verb):
        """Words for what is wanted beside the ordered quantities: what replaces or
        follows goods that came back, or comes back itself."""
        moves = self.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and (
                    move.location_id._oms_is_outside()
                    if self.oms_goods == "back"
                    else move._oms_get_direction() == "bound"
                )
            )
        )
        names = ", ".join(moves.picking_id.mapped("name"))
        if not names:
            return self.env._("Not all is %s yet", verb)
        if self.oms_goods == "back":
            return self.env._("The goods are still to come back: %s", names)
        return self.env._("%s is still to be validated", names)

    def _oms_summarize_stages(self):
        """The stages of some orders in one line, for transfers and invoices."""
        if len(self) <= 1:
            return self.oms_stage_id.name or False
        return ", ".join(
            self.env._("%(order)s: %(stage)s", order=order.name, stage=stage)
            for order in self
            if (stage := order.oms_stage_id.name)
        )

    @api.model
    def _oms_get_verb(self, milestone):
        return {
            "released": self.env._("released"),
            "picked": self.env._("picked"),
            "packed": self.env._("packed"),
            "loaded": self.env._("loaded"),
            "shipped": self.env._("shipped"),
            "delivered": self.env._("delivered"),
        }[milestone]
