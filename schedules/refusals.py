"""Say why a cell was not understood, and how to write it."""


class ReadError(ValueError):
    """A cell that was not understood.

    `code` is for programs, `message` says what is wrong, `hint` how to write it right; both are
    sentences in the reader's language.
    """

    def __init__(self, code: str, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
