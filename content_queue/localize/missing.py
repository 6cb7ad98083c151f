"""What a post may lack of what its text asks for, said as its editor can mend it."""

from content_queue.texts import _


class MissingFact(ValueError):  # noqa: N818 - named after what is missing, as callers speak of it
    """A placeholder stands for a fact that this post does not have.

    `placeholder` is as typed, with its braces; the message tells the editor how to mend it.
    """

    def __init__(self, placeholder: str, message: str) -> None:
        super().__init__(message)
        self.placeholder = placeholder


def years(placeholder: str) -> MissingFact:
    """Say that no years are counted on this day."""
    message = _(
        "Không điền được {placeholder}: ngày này không có năm gốc để tính số năm. "
        "Hãy bỏ {placeholder} khỏi bài, hoặc ghi ở cột Dịp một dịp có năm gốc."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder))


def occasion(placeholder: str) -> MissingFact:
    """Say that the post belongs to no occasion."""
    message = _(
        "Không điền được {placeholder}: mục này không gắn với dịp nào. "
        "Hãy bỏ {placeholder} khỏi bài, hoặc ghi tên một dịp ở cột Dịp."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder))


def other(placeholder: str, count: int) -> MissingFact:
    """Say that the day has not so many occasions."""
    message = _(
        "Không điền được {placeholder}: ngày của dịp này chỉ có {count} dịp. "
        "Hãy bỏ số ở {placeholder}, hoặc viết thẳng tên và số năm của dịp kia."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder, count=count))


def name(placeholder: str, locale: str) -> MissingFact:
    """Say that the occasion has no name in this language."""
    message = _(
        "Không điền được {placeholder}: dịp này chưa có tên bằng ngôn ngữ “{locale}”. "
        "Hãy viết thẳng tên dịp bằng ngôn ngữ đó vào bài, thay cho {placeholder}."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder, locale=locale))


def lunar(placeholder: str) -> MissingFact:
    """Say that the lunar day is not known."""
    message = _(
        "Không điền được {placeholder}: chưa biết ngày âm lịch của bài này. "
        "Hãy bỏ {placeholder} khỏi bài, hoặc viết thẳng ngày âm lịch."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder))


def form(placeholder: str, locale: str) -> MissingFact:
    """Say that the house does not know how this language writes it."""
    message = _(
        "Không điền được {placeholder}: chưa có cách viết cho ngôn ngữ “{locale}”. "
        "Hãy viết thẳng bằng ngôn ngữ đó vào bài, thay cho {placeholder}."
    )
    return MissingFact(placeholder, message.format(placeholder=placeholder, locale=locale))
