"""How keys and numbers of tables are named."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Integer

NAMES: Mapping[str, str] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
#: The number of a row.
Id = BigInteger().with_variant(Integer, "sqlite")
