"""Who is let in: only people of the settings, by number, in a private chat, with words of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, Message, MessageOriginChannel, Update, User
from telegram.constants import ChatType

from bot.people import person_with_id
from content_queue.models import Person

#: Numbers that stand for nobody: anonymous group admins, Telegram itself, posts of channels.
NOBODY = frozenset({1087968824, 777000, 136817688})


@dataclass(frozen=True, slots=True)
class Said:
    """A listed person wrote something; `text` is empty for a picture or a sticker."""

    person: Person
    chat: int
    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A listed person tapped a button."""

    person: Person
    chat: int
    query: str
    data: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody not listed wrote in a private chat; is told his or her number and nothing else."""

    chat: int


@dataclass(frozen=True, slots=True)
class Reacted:
    """Readers reacted to a channel's message; totals, not changes."""

    chat: int
    username: str
    message: int
    total: int


@dataclass(frozen=True, slots=True)
class Copied:
    """Telegram put a channel's post into its discussion group, as the message that comments stand under."""

    group: int
    copy: int
    chat: int
    username: str
    message: int


@dataclass(frozen=True, slots=True)
class Commented:
    """A reader wrote under a post, in the discussion group; `thread` is the post's copy there."""

    group: int
    thread: int


@dataclass(frozen=True, slots=True)
class Barred:
    """Not let in; `why` is for the log. A tap has a `query` that is answered, so that its clock stops."""

    why: str
    query: str = ""


Seen = Said | Tapped | Stranger | Reacted | Copied | Commented | Barred


def admit(update: Update, people: Sequence[Person]) -> Seen:
    """Decide what an update is to us. Touches nothing; a button's data proves nothing by itself."""
    if update.callback_query:
        return _tap(update.callback_query, people)
    if update.message_reaction_count:
        count = update.message_reaction_count
        total = sum(reaction.total_count for reaction in count.reactions)
        return Reacted(count.chat.id, count.chat.username or "", count.message_id, total)
    if update.message:
        return _words(update.message, people)
    return Barred("kind")


def _words(message: Message, people: Sequence[Person]) -> Seen:
    if message.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
        return _in_group(message) or Barred("not_private")
    why = next((why for why, is_so in BARRED if is_so(message)), None)
    user = message.from_user
    if why or user is None:
        return Barred(why or "no_user")
    person = person_with_id(people, user.id)
    return Said(person, message.chat.id, message.text or "") if person else Stranger(message.chat.id)


def _in_group(message: Message) -> Copied | Commented | None:
    """Return what a message of a discussion group says of a channel's post, None for any other talk."""
    origin = message.forward_origin
    if message.is_automatic_forward and isinstance(origin, MessageOriginChannel):
        where = origin.chat.id, origin.chat.username or "", origin.message_id
        return Copied(message.chat.id, message.message_id, *where)
    if message.message_thread_id and not message.edit_date:
        return Commented(message.chat.id, message.message_thread_id)
    return None


def _tap(query: CallbackQuery, people: Sequence[Person]) -> Seen:
    message, user = query.message, query.from_user
    if message is None or query.inline_message_id or not query.data:
        return Barred("no_card", query.id)
    if message.chat.type != ChatType.PRIVATE or message.chat.id != user.id:
        return Barred("not_private", query.id)
    person = None if _is_nobody(user) else person_with_id(people, user.id)
    if person is None:
        return Barred("unknown_person", query.id)
    return Tapped(person, message.chat.id, query.id, query.data)


def _is_nobody(user: User | None) -> bool:
    return user is None or user.is_bot or user.id in NOBODY


#: Why words are not let in, and how that is seen; the first one counts.
BARRED: Sequence[tuple[str, Callable[[Message], bool]]] = (
    ("not_private", lambda message: message.chat.type != ChatType.PRIVATE),
    ("for_a_channel", lambda message: message.sender_chat is not None),
    ("nobody", lambda message: _is_nobody(message.from_user)),
    ("not_own_chat", lambda message: message.from_user is None or message.chat.id != message.from_user.id),
    ("forwarded", lambda message: message.forward_origin is not None),
    ("automatic_forward", lambda message: bool(message.is_automatic_forward)),
    ("via_bot", lambda message: message.via_bot is not None),
    ("for_a_business", lambda message: message.business_connection_id is not None),
    ("edited", lambda message: message.edit_date is not None),
)
