"""What is said: variants, payloads, pictures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from content_queue.kinds import Kind, kind_of
from content_queue.models.digests import digest
from content_queue.models.plan import PlannedPost

#: What a post may be asked to be; empty follows from its media.
FORMS = ("", "reel", "document", "article", "broadcast")


@dataclass(frozen=True, slots=True)
class MediaRef:
    """One stored file: its SHA-256 (its name in the media store), type, and the name it came with.

    `width` and `height` are pixels as shown, `seconds` the length of a video; 0 is unknown.
    """

    sha256: str
    mime: str
    name: str
    size: int
    #: Public https address, where the editor gave one instead of a file.
    url: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0

    @property
    def kind(self) -> Kind:
        """Tell whether it is a picture, a video or a document."""
        return kind_of(self.mime)

    def as_json(self) -> dict[str, Any]:
        """Return the reference as stored."""
        return {name: value for name, value in asdict(self).items() if value or name not in _MEASURED}


#: What follows from a file's bytes: their hash covers it, and older references have none of it.
_MEASURED = ("width", "height", "seconds")


@dataclass(frozen=True, slots=True)
class Variant:
    """Exact text and media of a post for one locale, before a platform's form is put on it.

    `form` is what the editor asks for where the media do not tell: one of `FORMS`. What is `urgent`
    rings at night.
    """

    locale: str
    text: str
    title: str = ""
    link: str = ""
    media: tuple[MediaRef, ...] = ()
    hashtags: tuple[str, ...] = ()
    author: str = ""
    form: str = ""
    urgent: bool = False
    #: What the channel says first under the post, where a platform has that.
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What leaves: rendered once, stored, shown, hashed and sent as stored.

    `text` is what a reader will see and what the card shows; `fields` is what the adapter puts in
    its request, JSON-able, without channel id and secret.
    """

    platform: str
    locale: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()
    _hash: str = field(default="", init=False, repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the payload as stored."""
        return {
            "platform": self.platform,
            "locale": self.locale,
            "text": self.text,
            "fields": dict(self.fields),
            "media": [ref.as_json() for ref in self.media],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Payload":
        """Rebuild a payload from what `as_json` gave."""
        media = tuple(MediaRef(**ref) for ref in stored["media"])
        return cls(stored["platform"], stored["locale"], stored["text"], stored["fields"], media)

    def sha256(self) -> str:
        """Return the hash that an approval covers; it is reckoned once."""
        if not self._hash:
            object.__setattr__(self, "_hash", digest(self._approved()))
        return self._hash

    def _approved(self) -> dict[str, Any]:
        bare = [replace(ref, width=0, height=0, seconds=0) for ref in self.media]
        return {**self.as_json(), "media": [ref.as_json() for ref in bare]}


@dataclass(frozen=True, slots=True)
class ComposedDelivery:
    """A planned delivery with what would leave; `payload` None while a text is awaited.

    `after` is how much later than its post it goes out: channels may take turns.
    """

    channel: str
    platform: str
    locale: str
    payload: Payload | None
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A planned post with all its deliveries; `problems` (sentences) keep it a draft."""

    post: PlannedPost
    deliveries: tuple[ComposedDelivery, ...]
    problems: tuple[str, ...] = ()
