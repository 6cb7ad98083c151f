import pytest

from schedules import agencies
from schedules.refusals import ReadError

NAMES = agencies.name_agencies(agencies.load())


def test_every_commune_has_its_committee_and_the_province_its_bodies() -> None:
    """135 communes and wards, each with a committee made from its name; the bodies are added."""
    known = agencies.load()
    committees = [agency for agency in known.values() if agency.names["vi"].startswith("UBND ")]
    assert len(committees) == 135
    assert known["an-hoa"].names == {"vi": "UBND xã An Hòa", "en": "People's Committee of An Hoa Commune"}
    assert known["an-hoa"].hashtags == ("#GiaLai", "#AnHoa")
    assert known["sngv"].hashtags == ("#GiaLai",)
    assert {"btg", "cap-xa", "bo-vhttdl"} & set(known) == set()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("An Hoà", "an-hoa"),
        ("xã An Hòa", "an-hoa"),
        ("Ủy ban nhân dân xã An Hoà", "an-hoa"),
        ("ubnd xa an hoa", "an-hoa"),
        ("an-hoa", "an-hoa"),
        ("People's Committee of An Hoa Commune", "an-hoa"),
        ("Pleiku", "pleiku"),
        ("Đăk Song", "dak-song"),
        ("UBND tỉnh", "ubnd-tinh"),
        ("Uỷ ban nhân dân tỉnh Gia Lai", "ubnd-tinh"),
        ("Sở VHTTDL", "svhttdl"),
        ("Sở VH,TT&DL", "svhttdl"),
        ("sở văn hoá, thể thao và du lịch", "svhttdl"),
    ],
)
def test_an_agency_is_found_by_every_name_it_goes_by(words: str, code: str) -> None:
    """Marks, case, hoà or hòa, and the words before the name do not matter."""
    assert NAMES.find(words) == code


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("Sở Thông tin và Truyền thông", "agency_former", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở TT&TT", "agency_former", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Báo Gia Lai", "agency_former", "Báo và phát thanh, truyền hình Gia Lai"),
        ("huyện Đức Cơ", "agency_former", "UBND xã, phường"),
        ("UBND xã Pleiku", "agency_unknown", "“UBND phường Pleiku”"),
        ("Sở Ngoại vu tỉnh", "agency_unknown", "“Sở Ngoại vụ”"),
        ("Ủy ban nhân dân các xã, phường", "agency_collective", "cơ quan cụ thể"),
    ],
)
def test_a_wrong_agency_is_told_with_the_right_one(words: str, code: str, hint: str) -> None:
    """Former bodies name their successor, misspelled ones the nearest."""
    with pytest.raises(ReadError) as refusal:
        NAMES.find(words)
    assert refusal.value.code == code
    assert hint in refusal.value.hint


def test_no_two_agencies_share_a_name() -> None:
    """Each name and code finds its own agency, so that no body speaks for another."""
    known = agencies.load()
    found = {
        agency.code: {NAMES.find(word) for word in (agency.code, *agency.names.values())}
        for agency in known.values()
    }
    assert found == {code: {code} for code in known}
