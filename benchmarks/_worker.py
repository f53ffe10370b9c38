"""One side of a comparison: a process with an Odoo registry that obeys lines of JSON.

    _worker.py DATABASE

Each answer is a line of JSON as well. Whatever else is printed goes to standard error.
"""

import cProfile
import gc
import json
import os
import pstats
import re
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import _promises  # noqa: E402
import _replay  # noqa: E402
import _world  # noqa: E402

import odoo  # noqa: E402
from odoo import SUPERUSER_ID, api  # noqa: E402
from odoo.modules.registry import Registry  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
OURS = re.compile(r"/oms_order_cycle\w*/(models|tools|wizard|packing|hooks)")


def _backend_seconds(cr):
    """CPU time of our PostgreSQL process, or None when it runs elsewhere."""
    try:
        stat = Path(f"/proc/{cr.connection.get_backend_pid()}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _normal(query):
    """The query without what differs from call to call."""
    query = query.decode() if isinstance(query, bytes) else str(query)
    query = re.sub(r'"[0-9a-f]{8}-[0-9a-f-]{27}"', '"savepoint"', query)
    query = re.sub(r"'(?:[^']|'')*'", "?", query)
    query = re.sub(r"(?<![\w\"])-?\d+(\.\d+)?", "?", query)
    query = re.sub(r"\((?:\?|NULL)(?:\s*,\s*(?:\?|NULL))*\)", "(?)", query)
    query = " ".join(query.split())
    # Our columns beside Odoo's do not make it another query.
    query = re.sub(
        r'^SELECT "(\w+)"\."id", .*? FROM "\1"', r'SELECT … FROM "\1"', query
    )
    query = re.sub(r'^UPDATE "(\w+)" SET .*', r'UPDATE "\1" SET …', query)
    return re.sub(r'^INSERT INTO "(\w+)" .*', r'INSERT INTO "\1" …', query)


class Worker(_replay.Replay, _promises.Promises):
    def __init__(self, db):
        odoo.tools.config.parse_config(
            ["-d", db, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
            setup_logging=True,
        )
        threading.current_thread().dbname = db
        self.registry = Registry(db)
        self.life = None

    def build(self):
        with self.registry.cursor() as cr:
            _world.build(api.Environment(cr, SUPERUSER_ID, {}))

    def start(self, **options):
        self.life = _world.Life(**options)

    def step(self, step, explain=False):
        """Run one step as a request would: a fresh cursor, an ordinary user, a commit."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self._user_id(cr), {})
            self.life.prepare(env, step)
        gc.collect()
        seen, profile = Counter(), cProfile.Profile()
        thread = threading.current_thread()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self._user_id(cr), {})
            if explain:
                thread.query_hooks = [
                    lambda cr, query, params, start, delay: seen.update(
                        [_normal(cr._obj.query)]
                    )
                ]
                profile.enable()
            queries = cr.sql_log_count
            backend = _backend_seconds(cr)
            cpu, wall = time.process_time(), time.perf_counter()
            self.life.run(env, step)
            cr.commit()
            answer = {
                "wall": time.perf_counter() - wall,
                "python": time.process_time() - cpu,
                "postgres": _backend_seconds(cr) - backend if backend else 0,
                "queries": cr.sql_log_count - queries,
            }
            if explain:
                profile.disable()
                thread.query_hooks = []
                answer["sql"] = seen
                answer["functions"] = _ours(profile)
        return answer

    def sample(self, lines):
        """Take one order through its life; ids of the records it consists of."""
        life = _world.Life(orders=1, lines=lines, three_steps=False)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for step in life.steps(three_steps=False):
                if step != "put in pack":
                    life.prepare(env, step)
                    life.run(env, step)
            order = env["sale.order"].browse(life.order_ids)
            move = order.order_line[0].move_ids
            invoice = order.invoice_ids
            due = invoice.line_ids.filtered(
                lambda line: line.display_type == "payment_term"
            )
            partial = due.matched_credit_ids
            return {
                "order": order.id,
                "line": order.order_line[0].id,
                "picking": order.picking_ids.id,
                "move": move.id,
                "move_line": move.move_line_ids.id,
                "invoice": invoice.id,
                "invoice_line": order.order_line[0].invoice_lines.id,
                "due_line": due.id,
                "credit_line": partial.credit_move_id.id,
                "partial": partial.id,
            }

    def check_install(self, sample, first):
        """How many orders stand where; the ORM must find the same for some of them."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].search([("id", ">=", first)], limit=sample)
            drift = orders._oms_mend_drift()
            assert not drift, list(drift.items())[:3]
            cr.rollback()
            cr.execute(
                """
                SELECT COALESCE(m.milestone, o.oms_cycle_state), COUNT(*)
                  FROM sale_order o LEFT JOIN oms_stage m ON m.id = o.oms_stage_id
                 GROUP BY 1 ORDER BY 2 DESC
                """
            )
            return dict(cr.fetchall())

    def _user_id(self, cr):
        cr.execute("SELECT id FROM res_users WHERE login = 'admin'")
        return cr.fetchone()[0]


def _ours(profile):
    """Our functions: [name, calls, seconds in it, seconds with what it calls]."""
    found = []
    for (path, line, name), (_, calls, own, total, _) in pstats.Stats(
        profile
    ).stats.items():
        if OURS.search(path):
            found.append([f"{Path(path).name}:{line} {name}", calls, own, total])
    return sorted(found, key=lambda row: -row[3])


def main():
    try:
        worker = Worker(sys.argv[1])
        print(json.dumps({"ready": True}), file=answers, flush=True)
        for line in sys.stdin:
            command = json.loads(line)
            answer = getattr(worker, command.pop("do"))(**command)
            print(json.dumps({"answer": answer}), file=answers, flush=True)
    except BaseException:
        error = traceback.format_exc()
        print(json.dumps({"error": error}), file=answers, flush=True)
        raise


if __name__ == "__main__":
    main()
