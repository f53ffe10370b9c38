"""What was shared out is reserved, and told."""

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class OmsAllocation(models.TransientModel):
    _inherit = "oms.allocation"

    def action_apply(self):
        """Reserve for each what he gets; tell the orders, and who looks after those
        that lose.

        When something changed since it was worked out, nothing is done: it is worked
        out anew and shown once more.
        """
        self.ensure_one()
        self.check_access("write")
        # before anything is read that others may change at this moment
        self.env["oms.promise.key"]._lock([(self.product_id.id, self.warehouse_id.id)])
        if self._is_stale():
            self._load()
            self.is_outdated = True
            return self._get_action()
        self._check_quantities()
        changed = self.line_ids.filtered(
            lambda line: not self.uom_id.is_zero(line.change)
        )
        self._reserve(changed)
        self._log(changed)
        self._notify(changed.filtered(lambda line: line.change < 0))
        self._promise(changed)
        return {"type": "ir.actions.act_window_close"}

    def action_refresh(self):
        """Work it out anew from what there is now."""
        self.ensure_one()
        self.is_outdated = False
        self._load()
        return self._get_action()

    def _is_stale(self):
        """Whether what there is, or who wants it, is not what was looked at."""
        self.ensure_one()
        seen = sorted(
            (line.move_id.id, line.wanted, line.has, line.picked)
            for line in self.line_ids
        )
        now = sorted(
            (vals["move_id"], vals["wanted"], vals["has"], vals["picked"])
            for vals in map(self._prepare_line, self._find_moves())
        )
        unit = self.uom_id
        supply = self._get_free() + sum(has for _move, _wanted, has, _picked in now)
        return (
            [row[0] for row in seen] != [row[0] for row in now]
            or unit.compare(supply, self.supply) != 0
            or any(
                unit.compare(before, after)
                for old, new in zip(seen, now, strict=True)
                for before, after in zip(old[1:], new[1:], strict=True)
            )
        )

    def _reserve(self, changed):
        """Take from those who lose, then give to those who win, and to nobody else.

        :raise UserError: where the goods lie so that they cannot be reserved as planned
        """
        for line in changed.sorted("change"):
            move = line.move_id.sudo()
            if line.change < 0:
                done = -move._oms_give_back(-line.change)
            else:
                done = move._oms_take(line.change)
            if self.uom_id.compare(done, line.change) != 0:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be given %(quantity)s: the goods lie where"
                        " its transfer does not take them from, or only whole lots,"
                        " packages or packs may be reserved. Change its quantity.",
                        order=line.order_id.name,
                        quantity=f"{line.quantity:g}",
                    )
                )

    # -- telling ----------------------------------------------------------------------

    def _log(self, changed):
        """One event for each order: what it had, and what it has now."""
        losers = changed.filtered(lambda line: line.change < 0).order_id
        winners = changed.filtered(lambda line: line.change > 0).order_id
        by_order = changed.grouped("order_id")
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "allocated",
                    "name": self._describe(
                        sum(lines.mapped("change")), losers - order, winners - order
                    ),
                    "data": {
                        "reason": self.reason or self.rule_id.name,
                        "lines": [
                            {
                                "line_id": line.order_line_id.id,
                                "old": line.has,
                                "new": line.quantity,
                            }
                            for line in lines
                        ],
                    },
                }
                for order, lines in by_order.items()
            ]
        )

    def _describe(self, change, losers, winners):
        """What became of an order, in one sentence.

        :param change: what it has more, or less
        :param losers: the other orders that gave something up
        :param winners: the other orders that got something
        """
        words = {
            "quantity": f"{abs(change):g}",
            "unit": self.uom_id.name,
            "product": self.product_id.display_name,
        }
        if change < 0:
            return self.env._(
                "Gave up %(quantity)s %(unit)s of %(product)s to %(orders)s",
                orders=", ".join(winners.mapped("name")) or self.env._("the stock"),
                **words,
            )
        if losers:
            return self.env._(
                "Got %(quantity)s %(unit)s of %(product)s from %(orders)s",
                orders=", ".join(losers.mapped("name")),
                **words,
            )
        return self.env._(
            "Got %(quantity)s %(unit)s of %(product)s by the rule %(rule)s",
            rule=self.rule_id.name,
            **words,
        )

    def _notify(self, lost):
        """Give who looks after an order that lost something the task to see to it."""
        for order, lines in lost.grouped("order_id").items():
            owner = self._get_owner(order)
            if not owner:
                continue
            told = self.with_context(lang=owner.lang)
            order.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=owner.id,
                summary=told.env._(
                    "%s was given to another order", told.product_id.display_name
                ),
                note=Markup("<p>%s</p>") % told._describe_loss(lines),
            )

    def _get_owner(self, order):
        """Who looks after an order, unless he does it himself."""
        order = order.sudo()
        owner = order.user_id or order.team_id.user_id
        if owner == self.env.user or not owner.active:
            return owner.browse()
        return owner if order.company_id in owner.company_ids else owner.browse()

    def _describe_loss(self, lines):
        return self.env._(
            "%(quantity)s %(unit)s of %(product)s were taken from this order by"
            " %(user)s: %(reason)s. It has %(left)s of %(wanted)s now. Tell the"
            " customer, or find another way.",
            quantity=f"{-sum(lines.mapped('change')):g}",
            unit=self.uom_id.name,
            product=self.product_id.display_name,
            user=self.env.user.name,
            reason=(self.reason or "").rstrip(". "),
            left=f"{sum(lines.mapped('quantity')):g}",
            wanted=f"{sum(lines.mapped('wanted')):g}",
        )
