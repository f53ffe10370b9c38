"""What the documents of an order say, and when they are asked again."""

from odoo import api, models
from odoo.tools import ormcache
from odoo.tools.sql import table_exists

from ...facts.fields import CYCLE_FIELDS, DERIVED_FIELDS
from ...facts.function import call_function, create_function
from ...facts.milestones import MILESTONES, applies_to
from ...facts.query import FRAGMENTS, READS, FactsQuery
from ...tools.conditions import find_paths

#: Those that Odoo writes more to in the same step.
REWRITTEN_MODELS = ("stock.move", "account.move", "sale.order.line")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def init(self):
        res = super().init()
        # anew for each addon that changes what the facts are read from
        self._oms_create_facts_function()
        return res

    def _register_hook(self):
        res = super()._register_hook()
        # an addon that told what the facts are read from may have been uninstalled
        self._oms_create_facts_function()
        return res

    @api.model
    def _oms_create_facts_function(self):
        create_function(self.env.cr, self._oms_facts_fragments())

    @api.model
    def _oms_get_triggers(self):
        """Hook: fields whose change has an order's facts and stage computed anew."""
        # moves, packages, invoices and delivered quantities say themselves when
        # something changed that counts (_oms_rederive): reserving goods, say, changes
        # their state, too
        triggers = [
            "state",
            "date_order",
            "oms_workflow_id",
            "oms_channel_id",
            "order_line.product_uom_qty",
            "order_line.product_uom_id",
            "order_line.oms_release_pending",
            "order_line.oms_launched_qty",
            "order_line.move_ids",
            # an approval covers the total it was given for
            "amount_total",
        ]
        return triggers + [
            name for name in self._oms_get_domain_fields() if name not in triggers
        ]

    @api.model
    def _oms_get_domain_fields(self):
        """Paths used in the conditions of stages; they trigger the computation.

        What does not resolve, as a field has gone with its addon, triggers nothing.
        """
        if not table_exists(self.env.cr, "oms_stage"):
            return []
        self.env.cr.execute(
            "SELECT DISTINCT exit_domain FROM oms_stage WHERE exit_kind = 'domain'"
        )
        paths = set()
        for (text,) in self.env.cr.fetchall():
            paths |= find_paths(self, text)
        return sorted(paths - set(CYCLE_FIELDS))

    @api.model
    def _oms_update_triggers(self):
        """Let new conditions of stages trigger the computation from now on."""
        if not self.pool.ready:
            return
        known = self.pool.field_depends[self._fields["oms_stage_id"]]
        self.env["oms.stage"].flush_model(["exit_domain", "exit_kind"])
        if set(self._oms_get_domain_fields()) - set(known):
            self.env.flush_all()
            self.pool._setup_models__(self.env.cr, [self._name])

    @api.model
    def _oms_facts_query(self, order_condition):
        """The query that reads the facts.

        :param SQL order_condition: condition on ``l.order_id``
        :rtype: FactsQuery
        """
        return FactsQuery(
            order_condition,
            **self._oms_facts_parameters(),
            fragments=self._oms_facts_fragments(),
        )

    @api.model
    def _oms_facts_parameters(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "tolerance": 0.5 * 10**-digits,
            "intercompany_path": self._oms_get_intercompany_path(),
        }

    @api.model
    @ormcache()
    def _oms_get_intercompany_path(self):
        location = self.env.ref(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        return f"{location.sudo().parent_path}%" if location else ""

    @api.model
    def _oms_facts_fragments(self):
        """Hook: what companions know of the facts, as named ``SQL`` expressions.

        :return: ``{name: SQL}``; the names and what the expressions may refer to are
            in ``facts.query.FRAGMENTS``. What they read belongs into
            :meth:`_oms_facts_reads`
        """
        return dict(FRAGMENTS)

    @api.model
    def _oms_facts_reads(self):
        """Hook: what the facts are read from, to be written to the database before.

        :return: ``{model name: names of fields}``; join with ``merge_reads``
        """
        return READS

    @api.model
    def _oms_flush_documents(self):
        """Write to the database what the facts query reads."""
        for model_name, names in self._oms_facts_reads().items():
            model = self.env[model_name]
            if model_name in REWRITTEN_MODELS:
                # all that is to be computed, so that rows are written once
                model._recompute_model()
            model.flush_model(names)

    def _oms_get_progress(self):
        """Facts of orders, read from their documents in one query.

        :return: ``{order: {"facts": {milestone: datetime or False},
            "applies": {milestone: bool}, "approvals": {stage id: (datetime, total)},
            "goods": value of ``oms_goods``, "prepaid": datetime or False}}``
        """
        found = {}
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            self._oms_flush_documents()
            query = call_function(confirmed._origin.ids, **self._oms_facts_parameters())
            found = {row[0]: row[1:] for row in self.env.execute_query(query)}
        approvals = self._oms_get_approvals()
        prepayments = confirmed._oms_get_prepayments()
        return {
            order: order._oms_make_progress(
                found.get(order._origin.id),
                approvals.get(order._origin.id, {}),
                prepayments.get(order._origin.id),
            )
            for order in self
        }

    def _oms_make_progress(self, row, approvals, prepayment):
        self.ensure_one()
        goods, has_cash, paid_amount, paid_at, *moments = row or (
            ("none", False, 0.0, False)
        )
        facts = dict.fromkeys(MILESTONES, False)
        confirmed = self.state == "sale"
        moments = (confirmed and self.date_order, *moments)
        # microseconds would make the stored value differ from the computed one
        facts.update(
            (milestone, moment.replace(microsecond=0))
            for milestone, moment in zip(MILESTONES, moments, strict=False)
            if moment
        )
        applies = {
            milestone: not confirmed or applies_to(milestone, goods, has_cash)
            for milestone in MILESTONES
        }
        return {
            "facts": facts,
            "applies": applies,
            "approvals": approvals,
            "goods": confirmed and goods,
            "prepaid": self._oms_get_prepaid_moment(paid_amount, paid_at, prepayment),
        }

    def _oms_get_approvals(self):
        """Approvals that stand: ``{order id: {stage id: (datetime, order total)}}``."""
        workflows = self.env["oms.workflow"]
        asked = self.filtered(
            lambda order: any(
                stage.kind == "approval"
                for stage in workflows._get_stages(order.oms_workflow_id.id)
            )
        )
        if not asked:
            return {}
        approvals = {}
        for event in (
            self.env["oms.event"]
            .sudo()
            .search_fetch(
                [
                    ("order_id", "in", asked._origin.ids),
                    ("kind", "in", ("approval", "approval_withdrawn")),
                ],
                ["order_id", "stage_id", "kind", "date", "amount"],
                order="id",
            )
        ):
            by_stage = approvals.setdefault(event.order_id.id, {})
            if event.kind == "approval":
                by_stage[event.stage_id.id] = (event.date, event.amount)
            else:
                by_stage.pop(event.stage_id.id, None)
        return approvals

    def _oms_rederive(self):
        """Have facts and stage computed anew when they are next asked for."""
        pending = self.env.records_to_compute(self._fields["oms_stage_id"])
        orders = self - pending
        if not orders:
            return
        for name in DERIVED_FIELDS:
            self.env.add_to_compute(self._fields[name], orders)
        # what depends on them is stale, too
        orders.modified(DERIVED_FIELDS)

    @api.model
    def _oms_rederive_concerned(self, path, records):
        """Something was set up otherwise: have the open orders that depend on it
        derived anew.

        :param str path: from an order to the records
        :param records: operation types, warehouses, products
        """
        if records:
            orders = self.sudo().search(
                [("oms_cycle_state", "=", "open"), (path, "in", records.ids)]
            )
            orders._oms_rederive()
