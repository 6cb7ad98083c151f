"""Say why a cell was not understood, and how to write it."""

from content_queue.texts import _


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


def formula_in_cell() -> ReadError:
    """Return what is told of a cell that reckons: what it shows may change after it was approved."""
    message = _("Ô có công thức nên nội dung có thể đổi sau khi duyệt.")
    hint = _("Chép ô rồi dán lại bằng Dán đặc biệt, Giá trị (Paste Special, Values).")
    return ReadError("cell_formula", message, hint=hint)
