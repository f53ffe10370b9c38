"""The walls of the house, read from the source: rules R1, R2 and R3 of the design.

R1  A companion depends on the core and on Odoo's addons, and names no other companion.
R2  In one addon a method of Odoo is overridden once per model; wings join it by hooks
    (names that say that they are ours, and any but Odoo's on our own models), which
    call `super()` everywhere but where they are declared.
R3  hold knows cycle, cycle does not know hold; pack knows freight, freight does not know
    pack; pack knows the cycle only by `oms_step`; cycle and outbox know each other.
"""

import re
from pathlib import Path

import pytest
from wings import CORE, DEMO, ORM, WINGS, House, odoo_names

ROOT = Path(__file__).resolve().parent.parent

# A bridge serves one companion, and depends on it.
BRIDGES = {
    "oms_order_cycle_fleet": {"oms_order_cycle_dispatch"},
    "oms_order_cycle_edifact": {"oms_order_cycle_intake"},
    "oms_order_cycle_edi_ubl": {"oms_order_cycle_intake"},
}

# What a wing may name of another: all of it, or only these names.
ALL = None
ARROWS = {
    ("hold", "cycle"): ALL,
    ("hold", "outbox"): ALL,
    ("cycle", "outbox"): ALL,
    ("outbox", "cycle"): ALL,
    ("pack", "freight"): ALL,
    # which step of a route a transfer is: packing happens at one of them
    ("pack", "cycle"): {"oms_step"},
    # the hold check of products without a size asks the order whether there are any
    ("hold", "freight"): {"oms_missing_size"},
}

# Fields of one wing that happen to be called as something else in another.
OTHER_THINGS = {
    # variables of a carrier's price rules, not fields of a box
    ("freight", "billable_weight"),
    ("freight", "dimensional_weight"),
    # a column of the facts' query, not the field of a plan
    ("cycle", "ship_date"),
    # the widget that draws, not the picture of a package
    ("cycle", "oms_picture"),
}

HOOK = re.compile(r"^(action_|_(compute|inverse|search|check|default)_|_)?_?oms_")


@pytest.fixture(scope="module")
def house():
    return House(ROOT)


def test_companions_depend_on_the_core_alone(house):
    _none(dependencies_against_the_rule(house))


def test_companions_do_not_name_each_other(house):
    _none(companions_named(house))


def test_methods_are_overridden_once(house):
    _none(methods_overridden_again(house))


def test_wings_name_each_other_along_the_arrows(house):
    _none(names_against_the_arrows(house))


def test_wings_import_each_other_along_the_arrows(house):
    _none(imports_against_the_arrows(house))


def test_exceptions_are_needed(house):
    """What may be named by exception is named: a list of the past would hide faults."""
    used = {
        (file.wing, use.name) for file in house.files if file.wing for use in file.uses
    }
    excused = {
        (wing, name) for (wing, _other), names in ARROWS.items() for name in names or ()
    }
    assert (excused | OTHER_THINGS) & used == excused | OTHER_THINGS


def _none(faults):
    assert not faults, "\n" + "\n".join(sorted(set(faults)))


# -- R1 ------------------------------------------------------------------------------


def may_know(house, addon):
    """Our addons that an addon may depend on and name."""
    if addon == CORE:
        return set()
    if addon == DEMO:
        return {CORE, *house.companions()}
    if addon.startswith("test_"):
        return set(house.manifests)
    return {CORE} | BRIDGES.get(addon, set())


def dependencies_against_the_rule(house):
    return [
        f"{addon}/__manifest__.py: depends on {name}"
        for addon, manifest in house.manifests.items()
        for name in manifest["depends"]
        if name in house.manifests and name not in may_know(house, addon)
    ]


def companions_named(house):
    """Names of another companion's addon, or of what only it defines."""
    owners = house.own_names(lambda one: one.addon)
    faults = []
    for file in house.files:
        forbidden = set(house.manifests) - may_know(house, file.addon) - {file.addon}
        for use in file.uses:
            if use.name in forbidden:
                faults.append(f"{file.path}:{use.line}: names the addon {use.name}")
            owner = owners.get(use.name)
            # A word such as `loaded_at` may be a column of a query as well.
            if owner and owner.addon in forbidden and "oms" in owner.name:
                faults.append(
                    f"{file.path}:{use.line}: {use.name} is of {owner.addon}"
                    f" ({owner.path}:{owner.line})"
                )
    return faults


# -- R2 ------------------------------------------------------------------------------


def is_hook(model, name):
    is_own = model.startswith("oms.") and name not in odoo_names(ORM)
    return is_own or bool(HOOK.match(name))


def methods_overridden_again(house):
    faults = []
    for (_addon, model, name), definitions in house.methods().items():
        if len(definitions) < 2:
            continue
        places = ", ".join(f"{one.path}:{one.line}" for one in definitions)
        if not is_hook(model, name):
            faults.append(f"{model}.{name} is overridden more than once: {places}")
            continue
        # The first that is loaded may be where the hook is declared.
        faults += [
            f"{one.path}:{one.line}: {model}.{name} does not call super(), and is also"
            f" defined in {places}"
            for one in definitions[1:]
            if not one.calls_super
        ]
    return faults


# -- R3 ------------------------------------------------------------------------------


def is_allowed(wing, other, name):
    if wing == other or (wing, name) in OTHER_THINGS:
        return True
    names = ARROWS.get((wing, other), set())
    return names is ALL or name in names


def names_against_the_arrows(house):
    owners = house.own_names(lambda one: (one.addon, one.wing))
    faults = []
    for file in house.files:
        for use in file.uses if file.wing else ():
            owner = owners.get(use.name)
            if (
                owner
                and owner.wing
                and use.means(owner)
                and not is_allowed(file.wing, owner.wing, use.name)
            ):
                faults.append(
                    f"{file.path}:{use.line}: {file.wing} names {use.name} of"
                    f" {owner.wing} ({owner.path}:{owner.line})"
                )
    return faults


def imports_against_the_arrows(house):
    wings = {file.path.with_suffix(""): file.wing for file in house.files}
    faults = []
    for file in house.files:
        for path, line in file.imports if file.wing else ():
            # what is imported is a module, or a name in one
            other = wings.get(path) or wings.get(path.parent)
            is_open = ARROWS.get((file.wing, other), {}) is ALL
            if other not in (None, file.wing) and not is_open:
                faults.append(
                    f"{file.path}:{line}: {file.wing} imports from {other} ({path})"
                )
    return faults


# -- the rules find what they are for ---------------------------------------------------

MODEL = """
from odoo import fields, models


class It(models.Model):
    _inherit = "sale.order"
"""


@pytest.fixture
def build(tmp_path):
    """Writes a checkout of two companions with the files given, and reads it."""
    manifests = {
        CORE: ["sale"],
        "oms_order_cycle_dispatch": [CORE],
        "oms_order_cycle_cash": [CORE],
        "oms_order_cycle_fleet": [CORE, "oms_order_cycle_dispatch"],
        DEMO: [CORE, "oms_order_cycle_dispatch", "oms_order_cycle_cash"],
    }

    def write(files=(), **depends):
        for name, names in {**manifests, **depends}.items():
            (tmp_path / name).mkdir(exist_ok=True)
            manifest = {"name": name, "depends": names}
            (tmp_path / name / "__manifest__.py").write_text(repr(manifest))
            (tmp_path / name / "__init__.py").write_text("from . import models\n")
        models = tmp_path / CORE / "models"
        for wing in WINGS:
            (models / wing).mkdir(parents=True, exist_ok=True)
        for name, text in dict(files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            init = path.parent / "__init__.py"
            if path.suffix == ".py":
                with init.open("a") as lines:
                    lines.write(f"from . import {path.stem}\n")
        (models / "__init__.py").write_text(
            "".join(f"from . import {wing}\n" for wing in WINGS)
        )
        return House(tmp_path)

    return write


def of(wing, body, name="sale_order"):
    """One file of a wing that extends the order."""
    return {f"{CORE}/models/{wing}/{name}.py": MODEL + body}


def method(name, body="pass"):
    return f"    def {name}(self):\n        {body}\n"


HOLDS = """    oms_hold_ids = fields.One2many("oms.hold", "order_id")

    def _oms_find_holds(self):
        pass
"""
OWN_MODEL = """
class OmsHold(models.Model):
    _name = "oms.hold"
    is_lifted_by_itself = fields.Boolean()
"""


def every_rule(house):
    return [
        fault
        for rule in (
            dependencies_against_the_rule,
            companions_named,
            methods_overridden_again,
            names_against_the_arrows,
            imports_against_the_arrows,
        )
        for fault in rule(house)
    ]


def test_what_follows_the_rules_is_not_reported(build):
    house = build(
        {
            **of("cycle", method("_oms_after_write") + method("write")),
            **of(
                "hold",
                HOLDS
                + method("_oms_after_write", "return super()._oms_after_write()")
                + OWN_MODEL,
            ),
            "oms_order_cycle_fleet/models/truck.py": "X = 'oms_order_cycle_dispatch'",
            "oms_order_cycle_cash/models/sale_order.py": MODEL + method("write"),
        }
    )
    assert every_rule(house) == []


def test_dependency_on_a_companion(build):
    house = build(oms_order_cycle_cash=[CORE, "oms_order_cycle_dispatch"])
    assert dependencies_against_the_rule(house) == [
        "oms_order_cycle_cash/__manifest__.py: depends on oms_order_cycle_dispatch"
    ]
    house = build(oms_order_cycle=["sale", "oms_order_cycle_cash"])
    assert dependencies_against_the_rule(house)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("models/x.py", "from odoo.addons.oms_order_cycle_dispatch import tools"),
        ("models/x.py", "X = 'oms_order_cycle_dispatch.action_load'"),
        ("views/x.xml", "<a ref='oms_order_cycle_dispatch.menu'/>"),
        ("static/src/x.js", "import { x } from '@oms_order_cycle_dispatch/x';"),
        ("models/x.py", "def f(order):\n    return order.oms_load_ids"),
        ("models/x.py", "X = [('oms_load_ids.name', '=', 1)]"),
        ("models/x.py", "def f(env):\n    return env['oms.load']"),
        ("views/x.xml", "<field name='oms_load_ids'/>"),
    ],
)
def test_companion_named(build, file, text):
    load = "    oms_load_ids = fields.Many2many('oms.load')\n"
    load += "\n\nclass Load(models.Model):\n    _name = 'oms.load'\n"
    dispatch = {"oms_order_cycle_dispatch/models/sale_order.py": MODEL + load}
    assert companions_named(build(dispatch)) == []
    for addon in ("oms_order_cycle_cash", CORE):
        [fault] = companions_named(build({**dispatch, f"{addon}/{file}": text}))
        assert fault.startswith(f"{addon}/{file}:")
        build({f"{addon}/{file}": ""})
    assert companions_named(build({**dispatch, f"{DEMO}/{file}": text})) == []


def test_comments_name_what_they_like(build):
    comment = "# oms_order_cycle_dispatch has loads\n"
    house = build(
        {
            "oms_order_cycle_cash/models/x.py": f'"""oms_order_cycle_dispatch"""\n{comment}',
            "oms_order_cycle_cash/views/x.xml": "<!-- oms_order_cycle_dispatch -->",
            "oms_order_cycle_cash/static/x.js": "// oms_order_cycle_dispatch",
        }
    )
    assert companions_named(house) == []


def test_method_overridden_in_two_wings(build):
    again = method("write", "return super().write()")
    house = build({**of("cycle", again), **of("hold", again)})
    [fault] = methods_overridden_again(house)
    assert "sale.order.write" in fault
    assert "models/cycle/sale_order.py:" in fault
    assert "models/hold/sale_order.py:" in fault


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("_preview", "pass", "does not call super()"),
        ("_preview", "return super()._preview()", ""),
        ("write", "return super().write()", "overridden more than once"),
    ],
)
def test_own_model_extended_twice(build, name, body, expected):
    model = "\n\nclass Own(models.Model):\n    _name = 'oms.workflow'\n"
    again = model.replace("_name", "_inherit")
    house = build(
        {
            **of("cycle", model + method(name), "oms_workflow"),
            **of("hold", again + method(name, body), "oms_workflow"),
        }
    )
    faults = methods_overridden_again(house)
    assert len(faults) == bool(expected)
    assert all(expected in fault for fault in faults)


def test_hook_without_super(build):
    house = build(
        {
            **of("cycle", method("_oms_after_write")),
            **of("hold", method("_oms_after_write")),
            **of("pack", method("_oms_after_write", "super()._oms_after_write()")),
        }
    )
    [fault] = methods_overridden_again(house)
    assert fault.startswith(
        f"{CORE}/models/hold/sale_order.py:7: sale.order._oms_after"
    )


def test_hook_declared_after_it_is_extended(build):
    """It would hide what was loaded before."""
    house = build(
        {
            **of("cycle", method("_oms_x", "return super()._oms_x()")),
            **of("hold", method("_oms_x")),
        }
    )
    [fault] = methods_overridden_again(house)
    assert "models/hold/" in fault.split(":")[0]


@pytest.mark.parametrize(
    "body",
    [
        "return self.oms_hold_ids",
        "return self._oms_find_holds()",
        "return self.env['oms.hold']",
        "return self.filtered('oms_hold_ids.order_id')",
        "return 'SELECT * FROM oms_hold'",
        "return self.env.ref('oms_order_cycle.model_oms_hold')",
        "return self.search([]).is_lifted_by_itself",
    ],
)
def test_cycle_names_a_hold(build, body):
    hold = of("hold", HOLDS + OWN_MODEL)
    house = build({**hold, **of("cycle", method("look", body))})
    [fault] = names_against_the_arrows(house)
    assert fault.startswith(f"{CORE}/models/cycle/sale_order.py:8: cycle names ")
    # the other way round it is allowed
    house = build(
        {
            **of("cycle", HOLDS + OWN_MODEL),
            **of("hold", method("look", body)),
        }
    )
    assert names_against_the_arrows(house) == []


def test_packing_knows_the_step_alone(build):
    cycle = of("cycle", "    oms_step = fields.Char()\n    oms_stage = fields.Char()\n")
    look = method("look", "return self.oms_step, self.oms_stage")
    [fault] = names_against_the_arrows(build({**cycle, **of("pack", look)}))
    assert "oms_stage" in fault
    faults = names_against_the_arrows(build({**cycle, **of("freight", look)}))
    assert any("freight names oms_step" in fault for fault in faults)


def test_freight_names_packing(build):
    pack = of("pack", "    oms_box_ids = fields.Char()\n")
    house = build({**pack, **of("freight", method("look", "return self.oms_box_ids"))})
    assert names_against_the_arrows(house)


def test_views_of_a_wing(build):
    house = build(
        {
            **of("hold", HOLDS),
            f"{CORE}/views/cycle/x.xml": "<a>\n<field name='oms_hold_ids'/></a>",
            f"{CORE}/views/hold/x.xml": "<field name='oms_hold_ids'/>",
        }
    )
    [fault] = names_against_the_arrows(house)
    assert fault.startswith(f"{CORE}/views/cycle/x.xml:2:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("views/cycle/y.xml", "<field name='inherit_id' ref='oms_hold_view_form'/>"),
        ("views/cycle/y.xml", "<a ref='oms_order_cycle.oms_hold_view_form'/>"),
        ("data/cycle/y.xml", "<field eval=\"[ref('oms_hold_view_form')]\"/>"),
        ("wizard/cycle/y.py", "X = 'oms_order_cycle.oms_hold_view_form'"),
        ("models/cycle/y.py", "def f(env):\n    env.ref('x.oms_hold_view_form')"),
    ],
)
def test_record_of_another_wing(build, file, text):
    """A view, an action or a row of data is its wing's as a field is."""
    record = '<record model="ir.ui.view"\n id="oms_hold_view_form">\n</record>'
    house = build({f"{CORE}/views/hold/x.xml": record, f"{CORE}/{file}": text})
    [fault] = names_against_the_arrows(house)
    assert fault.startswith(f"{CORE}/{file}:")
    assert "names oms_hold_view_form of hold" in fault
    # what belongs to no wing may be named by all, and name all: menus, settings
    house = build(
        {
            f"{CORE}/views/hold/x.xml": "",
            f"{CORE}/views/x.xml": record,
            f"{CORE}/{file}": text,
        }
    )
    assert names_against_the_arrows(house) == []


@pytest.mark.parametrize(
    "line",
    [
        "from ..pack.stock_package import CONTENTS",
        "from ..pack import stock_package",
        "from odoo.addons.oms_order_cycle.models.pack.stock_package import CONTENTS",
    ],
)
def test_import_against_the_arrows(build, line):
    pack = of("pack", "", "stock_package")
    house = build({**pack, f"{CORE}/models/freight/x.py": line})
    [fault] = imports_against_the_arrows(house)
    assert fault.startswith(f"{CORE}/models/freight/x.py:1: freight imports from pack")
    house = build(
        {
            f"{CORE}/models/freight/x.py": "",
            **of("freight", "", "stock_package"),
            f"{CORE}/models/pack/x.py": line.replace("pack.", "freight.").replace(
                "..pack ", "..freight "
            ),
        }
    )
    assert imports_against_the_arrows(house) == []
