"""What cannot be read, as a code."""


class SheetFault(Exception):
    """A file or a cell that cannot be used.

    :param code: what is wrong, stable, for whoever finds the words
    :param values: details for the words, JSON-safe
    """

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self):
        details = ", ".join(f"{key}={value}" for key, value in self.values.items())
        return f"{self.code} ({details})" if details else self.code
