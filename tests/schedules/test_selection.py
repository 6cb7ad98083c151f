import pytest

from content_queue.models import Channel
from schedules import agencies
from schedules.refusals import ReadError
from schedules.selection import index_channels, select

CHANNELS = (
    Channel("Trang Pleiku", "pleiku", "facebook", "1", groups=("phường",)),
    Channel("OA Pleiku", "pleiku", "zalo", "2", groups=("phường", "Thí điểm")),
    Channel("Kênh Sở VHTTDL", "svhttdl", "telegram", "3", mode="off"),
    Channel("zalo", "sngv", "facebook", "4"),
)
SELECTION = index_channels(CHANNELS, agencies.load())


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("Trang Pleiku", [0]),
        ("trang pleiku; OA Pleiku", [0, 1]),
        ("FACEBOOK", [0, 3]),
        ("UBND phường Pleiku", [0, 1]),
        ("pleiku", [0, 1]),
        ("phuong", [0, 1]),
        ("thí điểm", [1]),
        ("tất cả", [0, 1, 2, 3]),
        ("*", [0, 1, 2, 3]),
        ("OA Pleiku\nOA Pleiku, all", [0, 1, 2, 3]),
        ("Sở Văn hóa, Thể thao và Du lịch", [2]),
        ("OA Pleiku, Sở Văn hóa, Thể thao và Du lịch", [1, 2]),
        ("zalo", [3]),
    ],
)
def test_channels_are_chosen_by_name_platform_agency_group_or_all(cell: str, numbers: list[int]) -> None:
    """Each once, in the order of the list; a channel's own name goes before a platform's."""
    assert SELECTION.select(SELECTION.words(cell)) == tuple(CHANNELS[number] for number in numbers)


@pytest.mark.parametrize(
    ("word", "code", "told"),
    [
        ("Trang Pleyku", "channel_unknown", "“Trang Pleiku”"),
        ("facebok", "channel_unknown", "“facebook”"),
        ("An Hòa", "channel_missing", "An Hòa"),
        ("Sở TT&TT", "agency_former", "Sở Văn hóa, Thể thao và Du lịch"),
    ],
)
def test_a_word_that_chooses_nothing_is_told_with_what_was_meant(word: str, code: str, told: str) -> None:
    """A typing slip never makes a post silently go nowhere."""
    with pytest.raises(ReadError) as refusal:
        select([word], CHANNELS, agencies.load())
    assert refusal.value.code == code
    assert told in refusal.value.message + refusal.value.hint
