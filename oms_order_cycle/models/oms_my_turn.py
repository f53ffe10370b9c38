from odoo import api, models
from odoo.fields import Domain

#: Numbers stop here: nobody works through so long a list by its number.
COUNT_LIMIT = 1000
_MINE = "oms_order_cycle.group_oms_"


class OmsMyTurn(models.AbstractModel):
    """What waits for the user, as queues with a number: for the first screen of the app
    and for its menu."""

    _name = "oms.my.turn"
    _description = "My Turn"

    @api.model
    @api.readonly
    def get_queues(self):
        """The queues of the user's roles, in the order of the work.

        :return: list of dicts: ``key``, ``name``, ``section``, ``icon``, ``count``,
            ``late`` (of these), ``limit`` (counts stop there), ``action`` (an XML id),
            ``filters`` (names, to be set when it is opened), ``menu`` (XML id of the
            entry of the menu that bears the number, or False)
        """
        if not self.env.user.has_group("oms_order_cycle.group_oms_reader"):
            return []
        queues = map(self._count, filter(self._is_mine, self._get_queues()))
        return [
            queue for queue in queues if queue["count"] or not queue.pop("quiet", False)
        ]

    @api.model
    def _get_queues(self):
        """Hook: the queues there are.

        :return: list of dicts as in :meth:`get_queues`, and ``model``, ``domain``,
            ``late_domain`` (optional), ``groups`` (XML ids; one is enough), ``quiet``
            (optional: not shown while it is empty)
        """
        orders = {queue["key"]: queue for queue in self._get_order_queues()}
        return [
            orders["approve"],
            orders["turn"],
            self._get_hold_queue(),
            orders["release"],
            orders["late"],
            *self._get_transfer_queues(),
            orders["invoice"],
            orders["collect"],
            self._get_failed_queue(),
        ]

    @api.model
    def _get_order_queues(self):
        is_open = Domain("oms_cycle_state", "=", "open") & Domain("state", "=", "sale")
        late = Domain("oms_is_late", "=", True)
        orders = {
            "model": "sale.order",
            "section": self.env._("Orders"),
            "action": "oms_order_cycle.sale_order_action_oms_orders",
            "late_domain": late,
        }
        sellers = "sales_team.group_sale_salesman"
        cash = f"account.group_account_invoice,{_MINE}credit,{_MINE}accounting"
        return [
            {
                **orders,
                "key": "approve",
                "name": self.env._("To Approve"),
                "icon": "fa-check-square-o",
                "domain": Domain("oms_can_approve", "=", True)
                & Domain("oms_cycle_state", "=", "open"),
                "filters": ["oms_to_approve"],
                "groups": f"{_MINE}reader",
                "quiet": True,
            },
            {
                **orders,
                "key": "turn",
                "name": self.env._("My Group's Turn"),
                "icon": "fa-hand-o-right",
                "domain": is_open & Domain("oms_is_my_turn", "=", True),
                "filters": ["oms_under_way", "oms_to_do", "group_by_oms_phase"],
                "groups": f"{_MINE}reader",
                "quiet": True,
            },
            {
                **orders,
                "key": "release",
                "name": self.env._("To Release"),
                "icon": "fa-unlock-alt",
                "domain": is_open & Domain("oms_phase", "=", "2_release"),
                "filters": ["oms_under_way", "oms_phase_release"],
                "groups": sellers,
            },
            {
                **orders,
                "key": "late",
                "name": self.env._("Late Orders"),
                "icon": "fa-clock-o",
                "domain": is_open & late,
                "late_domain": False,
                "action": "oms_order_cycle.sale_order_action_oms_late",
                "filters": ["oms_late"],
                "menu": "oms_order_cycle.sale_order_oms_late_menu",
                "groups": f"{sellers},{_MINE}dispatch",
            },
            {
                **orders,
                "key": "invoice",
                "name": self.env._("To Invoice"),
                "icon": "fa-file-text-o",
                "domain": is_open & Domain("oms_phase", "=", "7_invoice"),
                "action": "oms_order_cycle.sale_order_action_oms_to_invoice",
                "filters": ["oms_under_way"],
                "menu": "oms_order_cycle.sale_order_oms_to_invoice_menu",
                "groups": cash,
            },
            {
                **orders,
                "key": "collect",
                "name": self.env._("To Collect"),
                "icon": "fa-money",
                "domain": is_open & Domain("oms_phase", "=", "8_collect"),
                "action": "oms_order_cycle.sale_order_action_oms_to_collect",
                "filters": ["oms_under_way"],
                "menu": "oms_order_cycle.sale_order_oms_to_collect_menu",
                "groups": cash,
            },
        ]

    @api.model
    def _get_hold_queue(self):
        return {
            "key": "holds",
            "name": self.env._("Holds to Lift"),
            "section": self.env._("Orders"),
            "icon": "fa-hand-paper-o",
            "model": "oms.hold",
            "domain": Domain("can_lift", "=", True) & Domain("state", "=", "open"),
            "late_domain": Domain("is_late", "=", True),
            "action": "oms_order_cycle.oms_hold_action",
            "filters": ["open", "mine"],
            "menu": "oms_order_cycle.oms_hold_menu",
            "groups": f"sales_team.group_sale_salesman,{_MINE}credit,{_MINE}dispatch",
        }

    @api.model
    def _get_failed_queue(self):
        return {
            "key": "failed",
            "name": self.env._("Failed Actions"),
            "section": self.env._("Orders"),
            "icon": "fa-exclamation-triangle",
            "model": "oms.outbox",
            "domain": Domain("state", "=", "failed"),
            "action": "oms_order_cycle.oms_outbox_action",
            "filters": ["failed"],
            "menu": "oms_order_cycle.oms_outbox_menu",
            "groups": f"{_MINE}service,{_MINE}consultant",
            "quiet": True,
        }

    @api.model
    def _get_transfer_queues(self):
        pickings = self.env["stock.picking"]
        dispatchers = f"{_MINE}dispatch,stock.group_stock_manager"
        transfers = {
            "model": "stock.picking",
            "groups": "stock.group_stock_user",
            "late_domain": Domain("scheduled_date", "<", "now"),
            "filters": [],
        }
        return [
            {
                **transfers,
                "key": "pick",
                "name": self.env._("To Pick"),
                "section": self.env._("Warehouse"),
                "icon": "fa-shopping-basket",
                "domain": pickings._oms_get_ready_domain("pick"),
                "action": "oms_order_cycle.stock_picking_action_oms_to_pick",
                "menu": "oms_order_cycle.stock_picking_oms_to_pick_menu",
            },
            {
                **transfers,
                "key": "pack",
                "name": self.env._("To Pack"),
                "section": self.env._("Warehouse"),
                "icon": "fa-cube",
                "domain": Domain("state", "=", "assigned")
                & Domain("oms_pack_plan_ids.state", "in", ("proposed", "failed")),
                "action": "oms_order_cycle.stock_picking_action_oms_to_pack",
                "menu": "oms_order_cycle.stock_picking_oms_to_pack_menu",
            },
            {
                **transfers,
                "key": "ship",
                "groups": dispatchers,
                "name": self.env._("To Ship"),
                "section": self.env._("Dispatch"),
                "icon": "fa-truck",
                "domain": pickings._oms_get_ready_domain("ship"),
                "action": "oms_order_cycle.stock_picking_action_oms_to_ship",
                "menu": "oms_order_cycle.stock_picking_oms_to_ship_menu",
            },
            {
                **transfers,
                "key": "road",
                "groups": dispatchers,
                "name": self.env._("On the Road"),
                "section": self.env._("Dispatch"),
                "icon": "fa-road",
                "domain": pickings._oms_get_on_the_road_domain(),
                "late_domain": False,
                "action": "oms_order_cycle.stock_picking_action_oms_on_the_road",
                "menu": "oms_order_cycle.stock_picking_oms_on_the_road_menu",
            },
        ]

    @api.model
    def _is_mine(self, queue):
        return self.env[queue["model"]].has_access("read") and self.env.user.has_groups(
            queue["groups"]
        )

    @api.model
    def _count(self, queue):
        """What the client is told of a queue, with its numbers."""
        records = self.env[queue["model"]]
        domain = Domain(queue["domain"])
        count = records.search_count(domain, limit=COUNT_LIMIT)
        late_domain = queue.get("late_domain")
        late = (
            records.search_count(domain & Domain(late_domain), limit=COUNT_LIMIT)
            if count and late_domain
            else 0
        )
        return {
            **{name: queue[name] for name in ("key", "name", "section", "icon")},
            **{name: queue[name] for name in ("action", "filters")},
            "menu": queue.get("menu", False),
            "quiet": queue.get("quiet", False),
            "count": count,
            "late": late,
            "limit": COUNT_LIMIT,
        }
