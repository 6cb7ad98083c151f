"""What the tests of all adapters share: each runs over both transports."""

import pytest


@pytest.fixture(params=["httpx", "aiohttp"])
def transport(request: pytest.FixtureRequest) -> str:
    """Return what `[publish] transport` may say."""
    return str(request.param)
