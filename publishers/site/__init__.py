"""The office's own pages: what was published as a small static site with Atom feeds. Needs no account.

`page` puts a variant into the form of a page, `shelf` keeps posts as files, `press` turns them into
HTML and feeds, `files` writes whole files or none, and `publisher` is the adapter.
"""

from publishers.site.publisher import SitePublisher

__all__ = ["SitePublisher"]
