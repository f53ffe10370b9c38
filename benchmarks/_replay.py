"""The side of the screens' benchmark that runs inside Odoo: history, screens, jobs."""

import statistics
import time

import _world

from odoo import SUPERUSER_ID, Command, api

LINES = 5
ROLES = {
    "manager": "oms_order_cycle.group_oms_manager",
    "seller": "oms_order_cycle.group_oms_sales",
    "picker": "oms_order_cycle.group_oms_warehouse",
}

# A table of so many rows is not read from end to end for a screen.
BIG_TABLE = 100_000


class Replay:
    """Commands of a worker, see _worker.py."""

    # -- history ------------------------------------------------------------------

    def history_samples(self):
        """Users, and one real record of each kind that history is made of."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"skip_sms": True})
            env["stock.package.type"].action_oms_typical_cartons()
            self._make_users(env)
            order = self._make_order(env, LINES)
            plan = self._make_plan(order)
            box = plan.box_ids[:1]
            held = self._make_order(env, LINES)
            hold = self._make_holds(held)
            action = self._make_action(env, order)
            event = env["oms.event"].search([("order_id", "=", order.id)], limit=1)
            promise = env["oms.promise"].search([("order_id", "=", order.id)], limit=1)
            return {
                "order": order.id,
                "plan": plan.id,
                "box": box.id,
                "box_line": box.line_ids[:1].id,
                "hold": hold.id,
                "outbox": action.id,
                "event": event.id,
                "promise": promise.id,
                "stages": dict(
                    env["oms.stage"].search([]).mapped(lambda s: (s.milestone, s.id))
                ),
                "large": self._make_order(env, 1000).id,
            }

    def _make_users(self, env):
        users = [
            {
                "name": login.title(),
                "login": login,
                "password": login,
                "group_ids": [Command.link(env.ref(group).id)],
            }
            for login, group in ROLES.items()
        ]
        partner = env["res.partner"].search([("name", "=", "Bench customer 00")])
        users.append(
            {
                "name": partner.name,
                "login": "customer",
                "password": "customer",
                "partner_id": partner.id,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
        env["res.users"].with_context(no_reset_password=True).create(users)

    def _give_to_seller(self, orders):
        """A seller sees his own orders only."""
        seller = orders.env["res.users"].search([("login", "=", "seller")])
        orders.user_id = seller
        return orders

    def _make_order(self, env, lines):
        life = _world.Life(orders=1, lines=lines, three_steps=False)
        for step in ("create", "confirm"):
            life.run(env, step)
        order = env["sale.order"].browse(life.order_ids)
        order.picking_ids.action_assign()
        return self._give_to_seller(order)

    def _make_plan(self, order):
        picking = order.picking_ids
        picking.action_oms_plan_packing()
        plan = order.env["oms.pack.plan"].search(
            [("picking_id", "=", picking.id), ("state", "=", "proposed")]
        )
        plan.action_apply()
        return plan

    def _make_holds(self, order):
        hold_type = order.env["oms.hold.type"].search([("check", "=", "manual")])[:1]
        return order._oms_place_hold(hold_type, "The customer asked to wait.")

    def _make_action(self, env, order):
        note = env["ir.actions.server"].create(
            {
                "name": "Bench: write a reference",
                "model_id": env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": "record.write({'origin': 'bench'})",
            }
        )
        return env["oms.outbox"]._enqueue(
            [{"order_id": order.id, "action_id": note.id, "key": f"bench-{order.id}"}]
        )

    # -- screens ------------------------------------------------------------------

    def screens(self, login):
        """Our menus of a user: ``[[name, action id, view types]]``, Odoo's own first."""
        with self.registry.cursor() as cr:
            env = self._env(cr, login)
            found = []
            odoos = env.ref("sale.action_orders")
            if env.user.has_group("sales_team.group_sale_salesman"):
                found.append(["Sales > Orders (Odoo)", odoos.id, ["list", "kanban"]])
            menus = env["ir.ui.menu"].browse(env["ir.ui.menu"]._visible_menu_ids())
            root = env.ref("oms_order_cycle.oms_menu_root")
            for menu in menus.filtered(
                lambda m: m.parent_path.startswith(root.parent_path)
            ):
                action = menu.sudo().action
                if action and action._name == "ir.actions.act_window":
                    types = [t for t in action.view_mode.split(",") if t != "form"]
                    name = menu.complete_name.split("/", 1)[-1].replace("/", " > ")
                    found.append([name, action.id, types])
            return found

    def replay(self, login, calls, repetitions):
        """Do again what a screen asked for, each time as a request of its own.

        :return: ``{"seconds": [...], "queries": n, "scanned": [tables], "slowest": ...}``
        """
        seconds, queries, parts = [], 0, {}
        scanned = self._count_scans()
        for number in range(repetitions + 1):
            total, queries = 0.0, 0
            for call in calls:
                took, asked = self._ask(login, call)
                total += took
                queries += asked
                parts.setdefault(f"{call['model']}.{call['method']}", []).append(took)
            if number:
                seconds.append(total)
        after = self._count_scans()
        slowest = max(
            parts, key=lambda name: statistics.median(parts[name]), default=""
        )
        return {
            "seconds": seconds,
            "queries": queries,
            "scanned": sorted(t for t in after if after[t] > scanned.get(t, 0)),
            "slowest": slowest,
        }

    def _ask(self, login, call):
        with self.registry.cursor() as cr:
            env = self._env(cr, login)
            kwargs = dict(call["kwargs"])
            context = kwargs.pop("context", None) or {}
            model = env[call["model"]].with_context(
                {**context, "allowed_company_ids": env.user.company_ids.ids}
            )
            args = list(call["args"])
            if args and not hasattr(getattr(type(model), call["method"]), "_api_model"):
                model = model.browse(args.pop(0))
            before = cr.sql_log_count
            began = time.perf_counter()
            getattr(model, call["method"])(*args, **kwargs)
            took, asked = time.perf_counter() - began, cr.sql_log_count - before
            # so that the counters of tables and indexes know what was done
            cr.execute("SELECT pg_stat_force_next_flush()")
            cr.rollback()
            return took, asked

    def _env(self, cr, login):
        cr.execute("SELECT id FROM res_users WHERE login = %s", [login])
        [uid] = cr.fetchone()
        env = api.Environment(cr, uid, {})
        return env(
            context={"lang": env.user.lang, "tz": "Europe/Amsterdam", "uid": uid}
        )

    def _count_scans(self):
        """Sequential scans so far of tables that are big."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE n_live_tup > %s",
                [BIG_TABLE],
            )
            return dict(cr.fetchall())

    def unused_indexes(self):
        """Indexes of a megabyte or more, of ours, that nothing has read."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT s.relname, s.indexrelname, pg_relation_size(s.indexrelid)
                  FROM pg_stat_user_indexes s
                  JOIN pg_index i ON i.indexrelid = s.indexrelid
                 WHERE s.idx_scan = 0 AND NOT i.indisunique
                   AND pg_relation_size(s.indexrelid) > 1024 * 1024
                   AND (s.relname LIKE 'oms\\_%' OR s.indexrelname LIKE '%\\_oms\\_%')
                 ORDER BY 3 DESC
                """
            )
            return cr.fetchall()

    # -- jobs ---------------------------------------------------------------------

    def job(self, name):
        """Seconds and queries of a job that runs in the background."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            before = cr.sql_log_count
            began = time.perf_counter()
            getattr(self, f"_job_{name}")(env)
            took = time.perf_counter() - began
            answer = {"seconds": took, "queries": cr.sql_log_count - before}
            cr.rollback()
            return answer

    def _job_nightly_check(self, env):
        env["sale.order"]._oms_cron_check_drift()

    def _job_hold_check(self, env):
        env["oms.hold"]._cron_check()

    def _job_actions(self, env):
        env["oms.outbox"]._cron_process()

    def _job_planning(self, env):
        pickings = env["stock.picking"].search(
            [("state", "=", "assigned"), ("picking_type_code", "=", "outgoing")],
            order="id desc",
            limit=1000,
        )
        env["oms.pack.run"]._start(pickings)
        env["oms.pack.run"]._cron_run()
