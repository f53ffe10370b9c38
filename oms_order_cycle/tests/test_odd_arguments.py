"""Whatever a program outside gives to a public method, it is answered with words."""

import inspect

from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_packing import PackingCommon
from .test_written_fields import WrittenFieldsCase

ODD = (
    None,
    True,
    5,
    -1,
    10**12,
    1e308,
    float("nan"),
    "abc",
    "\x00",
    [],
    [1],
    [None],
    {},
    {"a": 1},
)
NOBODY = 99_999_999
#: Odoo says itself, of its own methods too, that a button is for one record.
ONE_RECORD = "Expected singleton"


def get_public_methods(env):
    """What anybody may call of ours: ``{(model, name): function}``.

    Without what Odoo calls by that name: its own tests are for that.
    """
    found = {}
    for name, model in env.registry.items():
        if model._abstract and name not in ("oms.my.turn", "oms.setup.guide"):
            continue
        odoo_names = {
            attribute
            for cls in model.mro()
            if "oms_order_cycle" not in cls.__module__
            for attribute in vars(cls)
        }
        for cls in model.mro():
            if not cls.__module__.startswith("odoo.addons.oms_order_cycle"):
                continue
            for attribute, function in vars(cls).items():
                if (
                    inspect.isfunction(function)
                    and not attribute.startswith("_")
                    and attribute not in odoo_names
                    and not getattr(function, "_api_private", False)
                ):
                    found[name, attribute] = function
    return found


class OddArgumentsCase(WrittenFieldsCase):
    def call(self, user, model, method, ids, args):
        """What is wrong with the answer, or ``None``; nothing is kept."""
        given = args if ids is None else [ids, *args]
        try:
            with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                call_kw(self.env[model].with_user(user), method, given, {})
                self.env.flush_all()
                savepoint.rollback()
        except (UserError, RedirectWarning):
            return None
        except ValueError as error:
            return None if ONE_RECORD in str(error) else repr(error)
        except Exception as error:  # pylint: disable=broad-except
            return repr(error)
        finally:
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()
        return None

    def get_ids(self, model):
        """A record, or as many as there are, up to two."""
        records = self.rows.get(model)
        if not records and self.env[model]._auto and not self.env[model]._abstract:
            records = self.env[model].search([], limit=2)
        return records.ids if records else []

    def assertWords(self, user, model, method, ids, args):
        fault = self.call(user, model, method, ids, args)
        if fault:
            self.faults.append(f"{model}.{method}({ids}, {args!r}): {fault}")

    def setUp(self):
        super().setUp()
        self.faults = []


@tagged("post_install", "-at_install")
class TestOddArguments(OddArgumentsCase):
    def try_all(self, user):
        for (model, method), function in get_public_methods(self.env).items():
            names = list(inspect.signature(function).parameters)[1:]
            ids = self.get_ids(model)
            selections = [[], [NOBODY], ids[:1], ids, [*ids, NOBODY]]
            if getattr(function, "_api_model", False):
                selections = [None]
            for selection in selections:
                for odd in ODD if names else (None,):
                    self.assertWords(user, model, method, selection, [odd] * len(names))
        self.assertFalse(self.faults)

    def test_as_manager(self):
        self.try_all(self.people["oms_manager"])

    def test_as_salesperson(self):
        self.try_all(self.people["oms_sales"])

    def test_as_picker(self):
        self.try_all(self.people["oms_warehouse"])

    def test_one_odd_among_good_ones(self):
        hold, rule = self.hold, self.rows["oms.dim.rule"]
        version = self.rows["oms.dim.rule.version"]
        version.date_from = "2020-01-01"
        good = {
            ("oms.hold", "action_lift"): (hold, ["Said so"]),
            ("oms.hold", "action_override"): (hold, ["Said so", 0.0, False]),
            ("oms.dim.rule", "compute_billable"): (
                rule,
                [[300, 200, 100], 1000, "2026-02-01", 1, True],
            ),
        }
        for (model, method), (records, args) in good.items():
            for place in range(len(args)):
                for odd in ODD:
                    self.assertWords(
                        self.people["oms_manager"],
                        model,
                        method,
                        records.ids,
                        [*args[:place], odd, *args[place + 1 :]],
                    )
        self.assertFalse(self.faults)

    def test_searches_answer_what_filters_ask(self):
        """Yes or no of a box, and every comparison of a count."""
        asked = {
            "boolean": [(op, value) for op in ("=", "!=") for value in (True, False)],
            "integer": [
                (op, value)
                for op in ("=", "!=", ">", ">=", "<", "<=")
                for value in (0, 1)
            ],
        }
        for model in self.env.values():
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                ours = "oms_order_cycle" in field._modules
                if not (ours and field.search and field.type in asked):
                    continue
                every = model.search_count([])
                counts = {
                    (op, value): model.search_count([(field.name, op, value)])
                    for op, value in asked[field.type]
                }
                for op, value in asked[field.type]:
                    opposite = {"=": "!=", ">": "<=", "<": ">="}.get(op)
                    if opposite:
                        both = counts[op, value] + counts[opposite, value]
                        self.assertEqual(both, every, (field, op, value))

    def test_failed_actions_are_counted(self):
        orders = self.env["sale.order"]
        self.outbox.state = "failed"
        mine = [("id", "in", (self.order + self.rows["sale.order"]).ids)]
        for operator, value, found in (
            ("=", 0, self.rows["sale.order"]),
            ("!=", 0, self.order),
            ("=", 1, self.order),
            (">=", 1, self.order),
            ("<", 1, self.rows["sale.order"]),
            (">", 1, orders),
            (">=", 0, self.order + self.rows["sale.order"]),
        ):
            domain = [*mine, ("oms_failed_action_count", operator, value)]
            self.assertEqual(orders.search(domain), found.sorted(), (operator, value))


@tagged("post_install", "-at_install")
class TestCustomerCallsAll(OddArgumentsCase):
    """A customer of the portal calls, by RPC, whatever can be called of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.create_user("oms_stranger", "base.group_portal")

    def try_all(self, user):
        """What tells or does something; a window by itself shows nothing."""
        told = []
        for (model, method), function in get_public_methods(self.env).items():
            count = len(inspect.signature(function).parameters) - 1
            if getattr(function, "_api_model", False):
                calls = [[value] * count for value in (None, self.order.ids)]
            else:
                calls = [
                    [ids, *[value] * count]
                    for ids in ([], self.get_ids(model), self.order.ids)
                    for value in (None, 1, "Said so")
                ]
            for given in calls:
                answer, written = self.answer(user, model, method, given)
                if written or not self.is_nothing(answer):
                    told.append(f"{model}.{method}{given}: {answer} {written}")
        return told

    def is_nothing(self, answer):
        if isinstance(answer, dict):
            is_window = answer.get("type") == "ir.actions.act_window"
            return is_window or not any(answer.values())
        return not answer or answer is True

    def answer(self, user, model, method, given):
        """(what the method answers, how many rows it has written)"""
        try:
            with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                before = self.count_writes()
                answer = call_kw(self.env[model].with_user(user), method, given, {})
                self.env.flush_all()
                written = self.count_writes() - before
                savepoint.rollback()
        except UserError:
            return None, 0
        except Exception as error:  # pylint: disable=broad-except
            return (None if ONE_RECORD in str(error) else repr(error)), 0
        finally:
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()
        return answer, written

    def count_writes(self):
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            "  FROM pg_stat_xact_user_tables"
        )
        return int(self.env.cr.fetchone()[0] or 0)

    def test_what_is_written_is_seen(self):
        before = self.count_writes()
        self.order.note = "Seen"
        self.env.flush_all()
        self.assertGreater(self.count_writes(), before)

    def test_of_somebody_else(self):
        self.assertFalse("\n".join(self.try_all(self.stranger)))

    def test_of_his_own(self):
        self.assertFalse("\n".join(self.try_all(self.portal)))


@tagged("post_install", "-at_install")
class TestOddArgumentsOfTheBench(PackingCommon):
    def test_one_odd_among_good_ones(self):
        user = self.create_user("oms_packer", "oms_order_cycle.group_oms_warehouse")
        picking = self.create_packing_order((self.mug, 4), (self.book, 2)).picking_ids
        bench = self.env["oms.pack.wizard"].browse(
            picking.with_user(user).action_oms_pack()["res_id"]
        )
        carton = self.env["stock.package.type"].search(
            [("name", "=", "OMS Medium")], limit=1
        )
        key = f"{self.mug.id}-{self.mug.uom_id.id}"
        good = {
            "change_carton": [picking.id, 1, carton.id],
            "move_units": [picking.id, 1, key, 1, 0],
            "add_box": [picking.id, carton.id],
            "remove_box": [picking.id, 1],
            "get_size": [key],
            "measure": [key, 1, 1, 1, 1],
            "plan_rest": [picking.id],
            "reset": [picking.id],
            "take_offer": [picking.id],
            "get_steps": [picking.oms_pack_plan_id.id, 1],
        }
        faults = []
        for method, args in good.items():
            self.assertFalse(
                OddArgumentsCase.call(self, user, bench._name, method, bench.ids, args),
                method,
            )
            for place in range(len(args)):
                for odd in ODD:
                    given = [*args[:place], odd, *args[place + 1 :]]
                    fault = OddArgumentsCase.call(
                        self, user, bench._name, method, bench.ids, given
                    )
                    if fault:
                        faults.append(f"{method}({given!r}): {fault}")
        self.assertFalse(faults)
