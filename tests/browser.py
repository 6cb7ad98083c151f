"""A real browser for tests: the Chromium of this machine, driven by Playwright, which downloads nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

#: A phone as officers have them.
PHONE: ViewportSize = {"width": 390, "height": 844}
#: What of axe-core's findings is not let through.
GRAVE = frozenset({"serious", "critical"})


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, **more: Any) -> Iterator[Page]:
    """Open a page on a phone of its own: no cookie of another is there."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="vi-VN", **more)
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield page
    finally:
        context.close()


def found_by_axe(page: Page, *, besides: frozenset[str] = frozenset()) -> list[str]:
    """Return what axe-core finds grave on a page, `besides` some rules: rule and places.

    It is put in past the page's own policy, which lets no script run.
    """
    results = Axe().run(page).response
    assert results["passes"], "axe-core looked at nothing"
    return [
        f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'])}"
        for each in results["violations"]
        if each["impact"] in GRAVE and each["id"] not in besides
    ]
