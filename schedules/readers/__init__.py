"""Calendars as people save them, read into rows of cells."""
