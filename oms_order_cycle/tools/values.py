"""Values that are about to be written, beside those that are there."""


def is_other_value(record, name, value):
    """Whether a value of ``write`` says something else than a record does already.

    :param record: one record
    :param str name: name of a field
    """
    field = record._fields[name]
    try:
        new = field.convert_to_cache(value, record)
    except (TypeError, ValueError, OverflowError):
        # no value of the field's kind: whoever writes it refuses it
        return True
    old = field.convert_to_cache(record[name], record)
    return set(new) != set(old) if field.type == "many2many" else new != old


def name_copies(records, vals_list, default):
    """Have copies say in their name that they are, unless they get one of their own.

    :param vals_list: what ``copy_data`` of the records is about to return
    :param default: as ``copy_data`` gets it, or None
    """
    if "name" in (default or {}):
        return vals_list
    return [
        {**vals, "name": records.env._("%s (copy)", record.name)}
        for record, vals in zip(records, vals_list, strict=True)
    ]
