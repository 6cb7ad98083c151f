"""The nouns of the house. Frozen, without behaviour beyond their own identity."""

from content_queue.models.campaigns import Campaign, Move
from content_queue.models.content import FORMS, ComposedDelivery, ComposedPost, MediaRef, Payload, Variant
from content_queue.models.digests import digest
from content_queue.models.ledger import Attempt, Delivery, Destined, Hold, Post
from content_queue.models.office import LOCALES, Agency, Channel, Person
from content_queue.models.plan import Entry, Facts, Place, PlannedDelivery, PlannedPost, Problem
from content_queue.models.tokens import Grant, Outlook, Question, Token, new_question
from content_queue.models.translations import Translation, TranslationState

__all__ = [
    "FORMS",
    "LOCALES",
    "Agency",
    "Attempt",
    "Campaign",
    "Channel",
    "ComposedDelivery",
    "ComposedPost",
    "Delivery",
    "Destined",
    "Entry",
    "Facts",
    "Grant",
    "Hold",
    "MediaRef",
    "Move",
    "Outlook",
    "Payload",
    "Person",
    "Place",
    "PlannedDelivery",
    "PlannedPost",
    "Post",
    "Problem",
    "Question",
    "Token",
    "Translation",
    "TranslationState",
    "Variant",
    "digest",
    "new_question",
]
