"""What users do with the earlier version, beside its demo company, before the update.

Runs in Odoo's shell with the earlier version's code.
"""

from odoo import Command

from .look import find_drift

SUFFIX = "before the update"
STUDY = {"price_basis": "rate", "parcel_fee": 4, "number_max": 1, "height_step": 100}


def fill(env):
    """Add data of every kind; return how much there is of it."""
    orders = _sell(env)
    _work(env, orders)
    _study(env)
    _administrate(env)
    _hire(env)
    env.cr.commit()
    return {
        "orders": env["sale.order"].search_count([]),
        "outbox": env["oms.outbox"]._read_group([], ["state"], ["__count"]),
        "holds": env["oms.hold"].search_count([]),
        "plans": env["oms.pack.plan"].search_count([]),
        "studies": env["oms.carton.study"].search([]).mapped("state"),
        # Odoo's own demo orders have split seconds, which a fact never has.
        "drift": find_drift(env),
    }


def _ours(env, model):
    found = env["ir.model.data"].search(
        [("module", "=", "oms_order_cycle"), ("model", "=", model)]
    )
    return env[model].browse(sorted(found.mapped("res_id")))


def _sell(env):
    """Orders of a consultant's workflow: two quotations, six confirmed and held."""
    partner = env["res.partner"].create({"name": f"Customer {SUFFIX}"})
    values = {"type": "consu", "is_storable": True, "list_price": 10}
    goods = env["product.product"].create({"name": f"Goods {SUFFIX}", **values})
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    env["stock.quant"]._update_available_quantity(goods, warehouse.lot_stock_id, 1000)
    channel = _make_channel(env)
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "oms_channel_id": channel.id,
                "client_order_ref": f"{number} {SUFFIX}",
                "order_line": [
                    Command.create({"product_id": goods.id, "product_uom_qty": 5})
                ],
            }
            for number in range(8)
        ]
    )
    env.cr.commit()
    orders[2:].action_confirm()
    env.cr.commit()
    return orders[2:]


def _make_channel(env):
    """A channel of its own workflow, whose actions fill the outbox: some fail."""
    actions = env["ir.actions.server"].create(
        [
            {
                "name": f"{name} {SUFFIX}",
                "model_id": env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": code,
            }
            for name, code in (
                ("Works", "record.name"),
                ("Fails", "raise UserError(1)"),
            )
        ]
    )
    workflow = env["oms.workflow"].create(
        {
            "name": f"Workflow {SUFFIX}",
            "stage_ids": [
                Command.create(
                    {
                        "name": milestone,
                        "exit_kind": "milestone",
                        "milestone": milestone,
                        "action_ids": actions.ids,
                    }
                )
                for milestone in ("confirmed", "shipped", "paid")
            ],
            "hold_type_ids": env["oms.hold.type"]
            .search([("check", "=", "address")])
            .ids,
        }
    )
    channel = env["oms.channel"].create(
        {"name": f"Channel {SUFFIX}", "code": "before", "kind": "phone"}
    )
    channel.workflow_id = workflow
    workflow.action_publish()
    return channel


def _work(env, orders):
    """Holds lifted and placed, goods shipped, an invoice, the outbox worked off."""
    orders[:4].oms_hold_ids.action_lift("known customer")
    manual = env["oms.hold.type"].search([("check", "=", "manual")], limit=1)
    orders[4:]._oms_place_hold(manual, "asked to wait")
    orders[:3].picking_ids.with_context(skip_sms=True).button_validate()
    orders[0]._create_invoices().action_post()
    env.cr.commit()
    env["oms.outbox"]._cron_process()
    env.cr.commit()


def _study(env):
    """Studies of cartons: one worked off, one not begun."""
    env["stock.package.type"]._oms_create_typical_cartons()
    study, _not_begun = env["oms.carton.study"].create([STUDY, STUDY])
    study.action_start()
    for _slice in range(20):
        study._work()
        if study.state not in ("waiting", "running"):
            break


def _administrate(env):
    """What an administrator sets up his own way."""
    crons = _ours(env, "ir.cron")
    crons.interval_number = 7
    crons[-1:].active = False
    hold_type = _ours(env, "oms.hold.type")[0]
    hold_type.copy({"name": f"Copied {SUFFIX}", "code": "BEFORE"})
    hold_type.name = f"Renamed {SUFFIX}"
    env["ir.config_parameter"].set_param("oms_order_cycle.outbox_keep_days", "45")
    env["ir.default"].set("oms.carton.study", "number_max", 3)
    _ours(env, "ir.ui.menu")[0].name = f"Menu {SUFFIX}"
    env["ir.filters"].create(
        [
            {
                "name": f"Filter {SUFFIX}",
                "model_id": model,
                "domain": domain,
                "user_ids": [],
            }
            for model, domain in (
                ("sale.order", "[('oms_stage_id.name', '=', 'To Ship')]"),
                ("oms.carton.study", "[('state', '=', 'done')]"),
                ("oms.hold", "[('order_id', '!=', False)]"),
            )
        ]
    )
    for model in ("oms.pack.plan", "oms.carton.study"):
        values = {
            "name": f"{model} {SUFFIX}",
            "model_id": env["ir.model"]._get_id(model),
        }
        env["ir.actions.server"].create(
            {**values, "state": "code", "code": "record.display_name"}
        )
        env["ir.rule"].create({**values, "domain_force": "[(1, '=', 1)]"})


def _hire(env):
    """A user of each of our groups."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": f"{group.name} {SUFFIX}",
                "login": f"before_{group.id}",
                "group_ids": [Command.link(group.id)],
            }
            for group in _ours(env, "res.groups")
        ]
    )
