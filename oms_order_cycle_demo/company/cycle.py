"""Channels, and workflows made from the templates as a consultant does."""

from odoo.fields import Command

from ..world import TIMEZONE
from .terms import TERMS

#: code, name, kind, cut-off hour, customer reference required, warehouse
CHANNELS = [
    ("phone", "Phone", "phone", 0, False, "rot"),
    ("email", "E-mail", "email", 0, False, "rot"),
    ("web", "Web Shop", "web", 16.0, False, "rot"),
    ("portal", "Customer Portal", "portal", 16.0, False, "rot"),
    ("edi", "EDI", "edi", 15.0, True, "rot"),
    ("field", "Field Sales", "field", 0, False, "vnl"),
]
WORKFLOW_NAMES = {
    "credit": "Prepaid or Credit",
    "mto": "Field Sales, Approved",
    "truck": "Own Truck",
    "parcel": "Parcel",
}
#: Working hours that the demo company allows in a stage: (workflow, milestone)
#: or milestone.
ALLOWED_HOURS = {
    "confirmed": 18,
    "released": 8,
    "picked": 8,
    "packed": 4,
    "shipped": 9,
    ("mto", "shipped"): 27,
    "delivered": 18,
    "invoiced": 9,
    "paid": 270,
    ("parcel", "picked"): 4,
}


def build_cycle(world):
    """Channels, and workflows made from the templates as a consultant does."""
    channels = world.env["oms.channel"].create(
        [
            {
                "code": code,
                "name": name,
                "kind": kind,
                "sequence": sequence,
                "company_id": world.company.id,
                "warehouse_id": world.refs[f"warehouse_{warehouse}"].id,
                "cutoff_enabled": bool(cutoff),
                "cutoff_hour": cutoff or 15.0,
                "tz": TIMEZONE,
                "require_client_ref": ref_required,
            }
            for sequence, (
                code,
                name,
                kind,
                cutoff,
                ref_required,
                warehouse,
            ) in enumerate(CHANNELS, 1)
        ]
    )
    world.register({f"channel_{channel.code}": channel for channel in channels})
    world.workflow_tags = {
        name: world.env["res.partner.category"].create({"name": name})
        for name in ("Prepaid", "Credit Watch")
    }
    for name, criteria in (
        ("credit", {"partner_category_ids": world.workflow_tags.values()}),
        ("mto", {"channel_ids": [world.refs["channel_field"]]}),
        ("truck", {"carrier_ids": [world.refs["carrier_truck"]]}),
        (
            "parcel",
            {
                "carrier_ids": [
                    world.refs["carrier_parcel"],
                    world.refs["carrier_europe"],
                ]
            },
        ),
    ):
        _build_workflow(world, name, criteria)
    # an order without a delivery method falls into the default workflow: its credit is
    # checked all the same
    world.company.oms_hold_type_ids = world.env.ref(
        "oms_order_cycle.oms_hold_type_credit_limit"
    )


def _build_workflow(world, name, criteria):
    """Copy a template for this company, fit it to its hours, and publish it."""
    template = world.env.ref(f"oms_order_cycle.workflow_{name}")
    hold_types = template.hold_type_ids
    prepayment = hold_types.filtered(lambda t: t.check == "prepayment")
    if prepayment:
        # only those who have no terms pay beforehand
        terms = world.env.ref(TERMS["prepaid"])
        hold_types += prepayment.copy(
            {
                "name": "Prepayment Missing",
                "code": "PREPAY",
                "company_id": world.company.id,
                "domain": f"[('payment_term_id', '=', {terms.id})]",
            }
        )
        hold_types -= prepayment
    workflow = template.copy(
        {
            "name": WORKFLOW_NAMES[name],
            "company_id": world.company.id,
            "sequence": len(world.refs),
            "hold_type_ids": [Command.set(hold_types.ids)],
            **{
                field: [Command.set([record.id for record in records])]
                for field, records in criteria.items()
            },
        }
    )
    calendar = world.company.resource_calendar_id
    for stage in workflow.stage_ids:
        hours = ALLOWED_HOURS.get((name, stage.milestone)) or ALLOWED_HOURS.get(
            stage.milestone, stage.allowed_hours
        )
        stage.write(
            {
                "allowed_hours": hours,
                "calendar_id": calendar.id if hours else False,
            }
        )
    workflow.action_publish()
    world.register({f"workflow_{name}": workflow})
