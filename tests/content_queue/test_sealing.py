"""What is sealed opens for its own name, with its own key, unchanged, and stands nowhere in clear."""

from pathlib import Path

import pytest

from content_queue.models import Grant, new_question
from content_queue.sealing import SealError, read_ring
from content_queue.store import tokens
from content_queue.store.engine import back_up
from content_queue.store.tokens import Given
from tests.content_queue.tokens import a_home, a_vault
from tests.content_queue.world import NOW

OLD, NEW = "o" * 43, "n" * 43
PLAIN, MINE = "bí mật của Trang", ("k0", "zalo", "grant")


def test_what_is_sealed_opens_for_its_own_name_only() -> None:
    """Law: a row moved to another name or platform opens nothing (its name is associated data)."""
    ring = read_ring(OLD)
    sealed = ring.seal(PLAIN, MINE)

    assert ring.open(sealed, MINE) == PLAIN
    for whose in (("k1", "zalo", "grant"), ("k0", "facebook", "grant"), ("k0", "zalo", "question")):
        with pytest.raises(SealError):
            ring.open(sealed, whose)


def test_one_changed_bit_anywhere_is_noticed() -> None:
    """Law: what was tampered with is not used."""
    ring = read_ring(OLD)
    sealed = ring.seal(PLAIN, MINE)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealError):
            ring.open(changed, MINE)


def test_the_newest_key_seals_and_every_key_opens() -> None:
    """Law: a change of keys needs no moment at which nothing can be read."""
    sealed = read_ring(OLD).seal(PLAIN, MINE)
    both = read_ring(f"{NEW}\n{OLD}")

    assert both.open(sealed, MINE) == PLAIN
    assert read_ring(NEW).open(both.seal(PLAIN, MINE), MINE) == PLAIN
    with pytest.raises(SealError):
        read_ring(NEW).open(sealed, MINE)


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    """Law: a nonce is used once."""
    ring = read_ring(OLD)
    assert len({ring.seal(PLAIN, MINE) for _time in range(100)}) == 100


@pytest.mark.parametrize("text", ["", "  \n", "short", f"{OLD}\nshort"])
def test_a_key_that_can_be_guessed_is_none(text: str) -> None:
    """Law: a slip of the hand seals nothing."""
    with pytest.raises(SealError):
        read_ring(text)


def test_a_change_of_keys_seals_everything_anew_and_names_what_it_cannot_open(tmp_path: Path) -> None:
    """Law: afterwards the old key opens nothing, and what is lost is said."""
    home = a_home(tmp_path, accounts=2, key=OLD)
    home.world.do(tokens.keep, a_vault("x" * 43), Given("f0", "facebook", "f0", Grant("a"), "An"), NOW)
    home.world.do(tokens.ask, a_vault(OLD), ("k1", "zalo", "k1"), new_question(bytes))

    assert home.world.do(tokens.reseal, a_vault(f"{NEW}\n{OLD}")) == (2, ["f0"])
    names = ["k0", "k1", "f0"]
    opened = home.world.look(tokens.opened, a_vault(NEW), names)
    assert opened == {"k0": "access-k0-1", "k1": "access-k1-2", "f0": None}
    assert home.world.look(tokens.questions, a_vault(NEW)).keys() == {"k1"}
    assert set(home.world.look(tokens.opened, a_vault(OLD), names).values()) == {None}
    home.world.ledger.close()


def test_neither_the_ledger_nor_its_copy_holds_a_token_in_clear(tmp_path: Path) -> None:
    """Law: whoever takes the file has nothing without the key."""
    home = a_home(tmp_path, accounts=3)
    back_up(home.world.ledger._engine, tmp_path / "copy.db")
    home.world.ledger.close()

    read = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name for path in read} >= {"loa.db", "copy.db"}
    for path in read:
        assert b"access-k" not in path.read_bytes()
        assert b"refresh-k" not in path.read_bytes()
