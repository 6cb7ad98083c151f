"""Shipped facts: occasions, lunar table, communes and agencies of the province."""
