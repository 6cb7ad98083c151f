"""What is said: variants, payloads, pictures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from content_queue.models.digests import digest
from content_queue.models.plan import PlannedPost


@dataclass(frozen=True, slots=True)
class MediaRef:
    """One stored picture: its SHA-256 (its name in the media store), type, and the name it came with."""

    sha256: str
    mime: str
    name: str
    size: int
    #: Public https address, where the editor gave one instead of a file.
    url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Exact text and media of a post for one locale, before a platform's form is put on it."""

    locale: str
    text: str
    title: str = ""
    link: str = ""
    media: tuple[MediaRef, ...] = ()
    hashtags: tuple[str, ...] = ()
    author: str = ""


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
            "media": [asdict(ref) for ref in self.media],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Payload":
        """Rebuild a payload from what `as_json` gave."""
        media = tuple(MediaRef(**ref) for ref in stored["media"])
        return cls(stored["platform"], stored["locale"], stored["text"], stored["fields"], media)

    def sha256(self) -> str:
        """Return the hash that an approval covers; it is reckoned once."""
        if not self._hash:
            object.__setattr__(self, "_hash", digest(self.as_json()))
        return self._hash


@dataclass(frozen=True, slots=True)
class ComposedDelivery:
    """A planned delivery with what would leave; `payload` None while a text is awaited."""

    channel: str
    platform: str
    locale: str
    payload: Payload | None


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A planned post with all its deliveries; `problems` (sentences) keep it a draft."""

    post: PlannedPost
    deliveries: tuple[ComposedDelivery, ...]
    problems: tuple[str, ...] = ()
