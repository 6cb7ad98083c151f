"""What tests of the command line need."""

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from content_queue.texts import LOCALE_DIR


@pytest.fixture(autouse=True, scope="session")
def catalogues() -> None:
    """Compile the catalogues: those of a checkout may be older than their sources, or not there."""
    for po in LOCALE_DIR.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            with po.open("rb") as source, mo.open("wb") as target:
                write_mo(target, read_po(source))
