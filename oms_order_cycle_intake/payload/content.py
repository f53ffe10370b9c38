"""What a payload asks for, in one spelling; whether two ask for the same."""

import hashlib
import json

#: Where the order comes from and what is to be done with it: not what it asks for.
NOT_CONTENT = frozenset({"version", "channel", "external_ref", "purpose", "test"})


def content(payload):
    """What a clean payload asks for, without where it comes from."""
    return {key: value for key, value in payload.items() if key not in NOT_CONTENT}


def canonical(payload):
    """A clean payload as JSON, in one spelling for all that ask for the same."""
    return json.dumps(
        content(payload), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def fingerprint(payload):
    """SHA-256 of what a clean payload asks for, as 64 letters."""
    return hashlib.sha256(canonical(payload).encode()).hexdigest()


def differences(old, new):
    """What one clean payload asks for and another does not.

    Lines are compared by their reference, whatever their order.

    :return: ``[(path, line reference, old value, new value)]``; paths are those of
        ``new``, of ``old`` for what is gone; None for what is not there
    """
    found = []
    _compare(content(old), content(new), "", "", found)
    return found


def _compare(old, new, path, line, found):
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            inner = f"{path}.{key}" if path else key
            if key == "lines" and not path:
                _compare_lines(old.get(key, []), new.get(key, []), found)
            else:
                _compare(old.get(key), new.get(key), inner, line, found)
        return
    found.append((path, line, old, new))


def _compare_lines(old, new, found):
    before = {line["ref"]: line for line in old}
    after = {line["ref"] for line in new}
    for index, line in enumerate(new):
        ref = line["ref"]
        path = f"lines[{index}]"
        if ref in before:
            _compare(before[ref], line, path, ref, found)
        else:
            found.append((path, ref, None, line))
    for index, line in enumerate(old):
        if line["ref"] not in after:
            found.append((f"lines[{index}]", line["ref"], line, None))
