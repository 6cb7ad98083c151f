"""Who is who: found by number or name, who may decide a post, who is told what."""

from collections.abc import Sequence

from content_queue.models import Person, Post
from content_queue.models.rules import same_name
from content_queue.store.approvals import PROVINCE
from content_queue.store.notices import Notice
from schedules.names import fold

#: Roles that answer for what their agencies publish: they may stop, cancel and are told everything.
ANSWERING = frozenset({"approver", "leader", "admin"})


def person_with_id(people: Sequence[Person], telegram_id: int) -> Person | None:
    """Return the person with this Telegram number, or None."""
    return next((person for person in people if person.telegram_id == telegram_id), None)


def person_named(people: Sequence[Person], name: str) -> Person | None:
    """Return the person of this name; without its marks only where it then still means one person."""
    exact = [person for person in people if same_name(person.name, name)]
    alike = [person for person in people if fold(person.name) == fold(name)]
    found = exact or alike
    return found[0] if len(found) == 1 else None


def concerned(people: Sequence[Person], notice: Notice) -> list[Person]:
    """Return who is told a notice: those who answer for its agency or the province, and its author."""
    return [person for person in people if person.telegram_id is not None and is_concerned(person, notice)]


def is_concerned(person: Person, notice: Notice) -> bool:
    """Tell whether a person is told a notice: they answer for its agency, or are its author."""
    return answers_for(person, notice.agency) or same_name(person.name, notice.author)


def posters(people: Sequence[Person], agency: str) -> list[Person]:
    """Return who is asked to post by hand on an agency's channels: its editors, else who answers for it."""
    reached = [person for person in people if person.telegram_id is not None or person.email]
    able = [person for person in reached if may_post(person, agency)]
    own = [person for person in able if agency in person.agencies and "editor" in person.roles]
    return own or [person for person in able if answers_for(person, agency)]


def may_post(person: Person, agency: str) -> bool:
    """Tell whether a person may say that something was posted by hand on an agency's channel."""
    return bool(person.roles) and bool({PROVINCE, agency} & person.agencies)


def answers_for(person: Person, agency: str) -> bool:
    """Tell whether a person answers for what an agency publishes."""
    return bool(person.roles & ANSWERING) and bool({PROVINCE, agency} & person.agencies)


def may_see(person: Person, post: Post) -> bool:
    """Tell whether a post concerns a person: it is their agency's, or their own."""
    return bool({PROVINCE, post.agency} & person.agencies) or wrote(person, post)


def wrote(person: Person, post: Post) -> bool:
    """Tell whether a person is a post's author."""
    return same_name(person.name, post.author)
