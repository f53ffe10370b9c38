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
