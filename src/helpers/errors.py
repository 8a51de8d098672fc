"""Problems that are the reader's to mend: reported as one line, never as a traceback."""


class Problem(ValueError):
    """Something in the input is wrong; the message says where, what, and how to mend it."""


class DataProblem(Problem):
    """A table breaks its schema, contradicts the texts, or lacks its evidence."""

    def __init__(self, file: str, where: str, what: str, mend: str):
        super().__init__(f"{file}, {where}: {what}. Mend: {mend}.")


class ParameterProblem(Problem):
    """A notebook parameter is unknown, of the wrong type, or not a number."""
