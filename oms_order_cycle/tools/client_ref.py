"""References of customers as they are compared: without blanks, whatever the case.

One table says what becomes of each character, for Python and for SQL, so that both come
to the same: the database's own ``LOWER`` and ``TRIM`` depend on its locale, and know no
blanks but one.
"""

import unicodedata

from odoo.tools import SQL

#: Kinds of characters (Unicode) that nobody sees or means: control characters, joiners,
#: blanks of every width, ends of lines.
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
#: Dashes that people and programs write for "-" and Unicode calls otherwise.
_DASHES = "\u2043\u2212"
#: Letters and signs of East Asian width stand this far behind those of ASCII.
_FULL_WIDTH = range(0xFF01, 0xFF5F)


def _clean_character(character):
    """What is left of a character: another one, itself, or nothing."""
    code = ord(character)
    if code in _FULL_WIDTH:
        character = chr(code - 0xFF01 + 0x21)
    kind = unicodedata.category(character)
    if kind in _UNSEEN:
        return ""
    if kind == "Pd" or character in _DASHES:
        return "-"
    small = character.lower()
    return small if len(small) == 1 else character


def _make_table():
    # the database stores no \0, and surrogates are no characters; of those beyond the
    # basic plane only tags are not seen
    codes = (*range(1, 0xD800), *range(0xE000, 0x10000), *range(0xE0000, 0xE0080))
    characters = map(chr, codes)
    return {
        character: cleaned
        for character in characters
        if (cleaned := _clean_character(character)) != character
    }


_TABLE = _make_table()
_PYTHON_TABLE = str.maketrans(_TABLE)
# TRANSLATE deletes the characters that have no counterpart: they come last
_FROM = "".join(sorted(_TABLE, key=lambda character: not _TABLE[character]))
_TO = "".join(_TABLE[character] for character in _FROM)


def clean_client_ref(reference):
    """A customer's reference as it is compared with others.

    :param str reference: as it was entered, or False
    :return: the reference, or False when nothing is left of it
    """
    return (reference or "").translate(_PYTHON_TABLE) or False


def sql_clean_client_ref(column):
    """``SQL`` that gives the same of a column, NULL when nothing is left."""
    return SQL("NULLIF(TRANSLATE(%s, %s, %s), '')", column, _FROM, _TO)
