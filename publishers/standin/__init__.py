"""The stand-in platforms: real HTTP servers on loopback that behave as the platforms are documented to.

They import no adapter and no store, so that they cannot share an adapter's mistake.
"""
