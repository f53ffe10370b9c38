"""Fields that are derived from documents, and that nobody writes."""

from odoo.exceptions import AccessError


def refuse_derived(model, vals_list, names):
    """Refuse values of derived fields that come from outside: import, RPC, a view.

    Computing a stored field does not pass through ``create`` or ``write``; our own
    methods act as the superuser once they have checked who asks.

    :param model: recordset that is written, or the model that records are created of
    :param list vals_list: values as given to ``create`` or ``write``
    :param names: set of names of derived fields
    :raise AccessError: naming the field
    """
    if model.env.su:
        return
    for vals in vals_list:
        for name in names.intersection(vals):
            raise AccessError(
                model.env._(
                    "%(field)s of %(model)s is derived from the documents and cannot"
                    " be written. Change the documents, or use the buttons.",
                    field=model._fields[name]._description_string(model.env),
                    model=model.env["ir.model"]._get(model._name).sudo().name,
                )
            )


def without_derived_defaults(model, names):
    """The model without defaults of derived fields, which anybody can put into the
    context of a call.

    Whoever creates with the rights of the superuser has the context of a user, too.

    :param model: the model that records are created of
    :param names: set of names of derived fields
    """
    forged = {f"default_{name}" for name in names}.intersection(model.env.context)
    if not forged:
        return model
    context = model.env.context
    kept = {key: value for key, value in context.items() if key not in forged}
    return model.with_env(model.env(context=kept))
