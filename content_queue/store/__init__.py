"""The ledger: the only SQL of the house.

Every function takes an open connection first; run it through a writer
(`await writer.run(lambda c: approvals.decide(c, …))`) or a reader (`await writer.read(…)`).
"""

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError as LedgerError  # the disk is full, broken or busy

__all__ = ["Connection", "LedgerError"]
