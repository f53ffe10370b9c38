"""What is wrong with a document, as one exception."""


class DocumentFault(Exception):
    """A document, or one order of it, that cannot be taken in.

    :param code: stable name of the fault, see ``CODES``
    :param message: one sentence for a person, in English
    :param path: where in the document, as its standard names it
    """

    def __init__(self, code: str, message: str, path: str = "") -> None:
        assert code in CODES, code
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path

    def __str__(self) -> str:
        return f"{self.message} ({self.path})" if self.path else self.message


# What integrators may rely on; docs/intake.md lists them.
CODES = frozenset(
    {
        "empty",  # nothing in the file
        "too_large",
        "unknown_format",  # none of UBL, EDIFACT, X12
        "edifact_missing",  # the Python package that splits EDIFACT is not installed
        "characters",  # bytes that are no characters in the encoding that is stated
        "character_set_unknown",
        "xml_broken",
        "xml_doctype",  # entities and DTDs are not read
        "truncated",  # the end is missing
        "envelope",  # segments outside of what they belong into
        "control_number",  # begin and end of an envelope name different numbers
        "control_number_twice",
        "count",  # an envelope or an order counts other than what it holds
        "not_an_order",  # an invoice, a catalogue ...
        "order_number_missing",
        "no_lines",
        "consignment",
        "blanket_order",
        "order_type",
        "purpose_unknown",
        "line_change_unknown",
        "ship_to_per_line",
        "schedule",  # one line for several days
        "store_quantities",  # what goes to the stores is not what is ordered
    }
)
