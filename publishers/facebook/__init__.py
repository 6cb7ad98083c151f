"""Facebook Pages over Meta's Graph API v26.0.

`graph` speaks (the only importer of the `facebook` package), `errors` says what a refusal means,
`readback` finds a post again, `reach` reads numbers, `adapter` puts them together.
"""

from publishers.facebook.adapter import FacebookPublisher
from publishers.facebook.errors import error_from

__all__ = ["FacebookPublisher", "error_from"]
