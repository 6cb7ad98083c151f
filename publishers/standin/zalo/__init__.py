"""Zalo, played on loopback: `rules` refuses, `articles` keeps, `platform` answers."""

from publishers.standin.zalo.platform import ZaloStandin

__all__ = ["ZaloStandin"]
