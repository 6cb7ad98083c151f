"""Compose what leaves: an entry's text in a channel's language, with the facts put in, in a platform's form.

Pure. Preview, plan and import call the same function, so that what is shown is what is stored.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from content_queue.localize import Form, MissingFact, fill
from content_queue.models import (
    Agency,
    Channel,
    Entry,
    MediaRef,
    Payload,
    PlannedDelivery,
    PlannedPost,
    Variant,
)
from content_queue.models.tags import is_urgent
from content_queue.outcomes import RefusedError
from content_queue.ports import Publisher
from content_queue.texts import _
from publishers.hours import too_early_or_late, until_open
from schedules.office import Office


def compose(
    post: PlannedPost,
    delivery: PlannedDelivery,
    *,
    office: Office,
    publisher: Publisher,
    media: Sequence[MediaRef] = (),
) -> Payload:
    """Return the payload of one delivery. `media` are the entry's pictures in their order.

    Raises:
        RefusedError: there is no text yet, a placeholder has no fact, or the platform takes no such post.
    """
    variant = variant_of(post, delivery, office=office, media=media)
    platform = delivery.channel.platform
    if until_open(platform, variant.form, delivery.due) is not None:
        raise RefusedError(too_early_or_late(platform, variant.form))
    return publisher.render(delivery.channel, variant)


def composer(
    post: PlannedPost,
    *,
    office: Office,
    publishers: Mapping[str, Publisher],
    media: Sequence[MediaRef] = (),
) -> Callable[[PlannedDelivery], Payload]:
    """Return how to compose the deliveries of one post; those that come out alike share one payload.

    The function raises `RefusedError` as `compose` does.
    """
    made: dict[tuple[object, ...], Payload | RefusedError] = {}
    alike: dict[str, Payload] = {}

    def payload_of(delivery: PlannedDelivery) -> Payload:
        channel = delivery.channel
        turn = delivery.due if post.entry.until else None  # within a platform's hours, or not
        reads = (channel.platform, channel.agency, channel.hashtags, *_locales(delivery), turn)
        if reads not in made:
            publisher = publishers[channel.platform]
            try:
                payload = compose(post, delivery, office=office, publisher=publisher, media=media)
                made[reads] = alike.setdefault(payload.sha256(), payload)
            except RefusedError as error:
                made[reads] = error
        outcome = made[reads]
        if isinstance(outcome, RefusedError):
            raise outcome
        return outcome

    return payload_of


def _locales(delivery: PlannedDelivery) -> tuple[str, str]:
    return delivery.locale, delivery.text_locale


def variant_of(
    post: PlannedPost, delivery: PlannedDelivery, *, office: Office, media: Sequence[MediaRef] = ()
) -> Variant:
    """Return text and media for one channel in one locale, before a platform's form.

    The locale is that of the text: under `fallback` a Vietnamese text keeps Vietnamese dates.

    Raises:
        RefusedError: there is no text yet, or a placeholder has no fact.
    """
    entry, locale = post.entry, delivery.text_locale
    if locale not in entry.texts:
        raise RefusedError(_("Chưa có nội dung tiếng “{locale}”.").format(locale=delivery.locale))
    agency = office.agencies[delivery.channel.agency]  # under whose name it is published
    filled = partial(_filled, post=post, locale=locale, agency=agency, forms=office.forms)
    return Variant(
        locale=locale,
        text=filled(entry.texts[locale]),
        # The title column is Vietnamese; other languages take theirs from the first line of the text.
        title=filled(entry.title) if locale == "vi" else "",
        link=entry.link,
        media=tuple(media),
        hashtags=_hashtags(entry, delivery.channel, agency),
        author=agency.names.get(locale, agency.names["vi"]),
        form=entry.form,
        comment=filled(entry.comments.get(locale, "")),
        urgent=is_urgent(entry.tags),
    )


def _hashtags(entry: Entry, channel: Channel, agency: Agency) -> tuple[str, ...]:
    """Return the campaign's hashtags, then the channel's own, or its agency's; each once."""
    return tuple(dict.fromkeys((*entry.hashtags, *(channel.hashtags or agency.hashtags))))


def _filled(text: str, *, post: PlannedPost, locale: str, agency: Agency, forms: Mapping[str, Form]) -> str:
    try:
        return fill(text, post.facts, locale=locale, agency=agency, forms=forms)
    except MissingFact as error:
        raise RefusedError(str(error)) from error
