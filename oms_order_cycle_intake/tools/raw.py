"""What was sent, as text that any database keeps."""

import json
import re

#: Longest text that is kept of what is no order, in letters.
MOST_KEPT = 2_000_000
#: Codes of zeros and of halves of letters in JSON of ASCII letters.
_ODD = re.compile(r"\\u(0000|d[89a-f])")
_ZERO = re.compile(r"\\\\|\\u0000")


def keep(value, clean=None):
    """Anything as JSON of ASCII letters; what cannot be written becomes words.

    :param clean: what is kept instead of what is too large, whole
    """
    try:
        text = json.dumps(value, indent=1, default=str)
    except (TypeError, ValueError, RecursionError):
        text = json.dumps("This cannot be written as JSON.")
    if len(text) > MOST_KEPT:
        return json.dumps(clean or "This is too large to keep.")
    return text


def read(text):
    """What was kept, with a sign for letters that no screen and no database takes; None
    where it is nothing of JSON."""
    try:
        value = json.loads(text)
        if _ODD.search(text):
            written = json.dumps(value, ensure_ascii=False)
            written = written.encode("utf-8", "replace").decode()
            value = json.loads(_ZERO.sub(_replace, written))
    except (TypeError, ValueError, RecursionError):
        return None
    return value


def _replace(found):
    # a backslash that is one of the text is no beginning of a code
    return found.group() if found.group() == r"\\" else "\N{REPLACEMENT CHARACTER}"
