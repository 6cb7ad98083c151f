"""Facebook on loopback: Meta's Graph API as far as one publishes to Pages with it.

`wall` is what lies on the Pages, `reach` the numbers, `answers` the envelopes, `faults` what may go wrong,
`graph` the routes.
"""

from publishers.standin.facebook.graph import FacebookStandin

__all__ = ["FacebookStandin"]
