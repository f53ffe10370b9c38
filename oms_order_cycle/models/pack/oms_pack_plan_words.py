from odoo import api, models
from odoo.tools import formatLang


class OmsPackPlan(models.Model):
    """Plans in words: what they cost, how good they are, what is in which carton."""

    _inherit = "oms.pack.plan"

    @api.depends(
        "carrier_billable",
        "carrier_unit",
        "billable_weight",
        "objective",
        "bound",
        "is_proven",
        "box_ids",
        "is_manual",
    )
    @api.depends_context("lang", "uid")
    def _compute_labels(self):
        # to a packer it looks like bad work: he cannot do anything about it
        tells_gap = self.env.user.has_group("oms_order_cycle.group_oms_consultant")
        for plan in self:
            if plan.carrier_unit:
                plan.billable_label = f"{plan.carrier_billable:g} {plan.carrier_unit}"
            else:
                plan.billable_label = (
                    f"{plan.billable_weight:g} {plan.weight_uom_name or ''}"
                )
            if not plan.box_ids or plan.is_manual:
                plan.verdict = False
            elif plan.is_proven:
                plan.verdict = self.env._("Proven best")
            elif plan.bound > 0 and tells_gap:
                gap = (plan.objective / plan.bound - 1) * 100
                plan.verdict = self.env._(
                    "Within %s %% of the best possible", f"{max(gap, 0.1):.1f}"
                )
            else:
                plan.verdict = False

    @api.depends("has_tariff", "minimised", "box_count")
    def _compute_has_cost(self):
        for plan in self:
            plan.has_cost = plan.box_count and (
                plan.has_tariff or plan.minimised == "cost"
            )

    @api.depends("price", "has_tariff", "has_cost", "box_count", "currency_id")
    @api.depends_context("lang")
    def _compute_price_label(self):
        for plan in self:
            if plan.has_cost:
                plan.price_label = plan._format_price(plan.price, plan.has_tariff)
            else:
                plan.price_label = plan.box_count and self.env._("No tariff")

    @api.depends("minimised", "objective", "objective_unit", "bound", "currency_id")
    @api.depends_context("lang")
    def _compute_objective_labels(self):
        for plan in self:
            for name in ("objective", "bound"):
                plan[f"{name}_label"] = plan._format_objective(plan[name])

    def _format_price(self, amount, has_tariff):
        """What boxes cost, in words, and what tells it where no tariff does."""
        self.ensure_one()
        price = self.currency_id.format(amount)
        if has_tariff:
            return price
        return self.env._("%s (planned with the company's cost of a parcel)", price)

    def _format_objective(self, amount):
        """What was made least, in words: money, or weight in the carrier's unit."""
        self.ensure_one()
        if self.minimised == "cost":
            return self.currency_id.format(amount)
        number = formatLang(self.env, amount, digits=2)
        return f"{number} {self.objective_unit or ''}".rstrip()

    def _get_override(self):
        """Who packed otherwise than proposed, and why, in a line."""
        self.ensure_one()
        if not self.is_manual:
            return ""
        if not self.override_reason:
            return self.env._("Packed by hand by %s", self.overridden_by.name or "")
        return self.env._(
            "Packed by hand by %(user)s: %(reason)s",
            user=self.overridden_by.name or "",
            reason=self.override_reason,
        )

    # -- in a few words -------------------------------------------------------------

    def _get_summary(self):
        """The plan in a few words, for the transfer."""
        self.ensure_one()
        if self.state == "failed":
            return self.env._("No plan could be made: %s", self.error or "")
        if not self.box_ids and self.unpacked_note:
            return self.env._("Not packed: %s", self.unpacked_note.splitlines()[0])
        if self.state == "applied":
            return self._get_packed_summary()
        words = self._join_boxes(self._get_box_titles())
        if self.unpacked_note:
            words = self.env._("%s; something is not packed", words)
        return self.env._(
            "%(boxes)s (%(weight)s)", boxes=words, weight=self.billable_label
        )

    def _get_packed_summary(self):
        """What is in packages: not what was planned, if that has changed since."""
        packed = self.box_ids
        if self.picking_id.state not in ("done", "cancel"):
            packed = packed.filtered("package_id")
        weight = self.billable_label
        packages = packed.package_id
        if packed != self.box_ids or any(
            package.oms_weight_source != "planned" for package in packages
        ):
            weight = packages._oms_get_billable_label()
        return self.env._(
            "Packed: %(boxes)s (%(weight)s)",
            boxes=self._join_boxes(packed._get_packed_titles()),
            weight=weight,
        )

    def _get_box_titles(self):
        """``{what a packer calls the carton: number}``; what ships as it is is told by
        its contents."""
        self.ensure_one()
        return self.box_ids._get_titles()

    def _join_boxes(self, titles):
        """``{words: number}`` as a list in words."""
        return ", ".join(
            title if number is None else f"{number} x {title}"
            for title, number in titles.items()
        )
