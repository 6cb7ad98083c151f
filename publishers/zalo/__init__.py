"""Zalo Official Accounts: an article, hidden first, then shown.

`article` puts a variant into Zalo's form, `answers` translates what Zalo says, `account` makes the
calls, `verdicts` judges what was read back, and `publisher` is the adapter.
"""

from publishers.zalo.publisher import ZaloPublisher

__all__ = ["ZaloPublisher"]
