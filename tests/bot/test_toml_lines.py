"""Every key of a TOML file is found on its line."""

from bot.toml_lines import line_of, lines_of_keys

TEXT = """\
top = 1  # comment

[a]
"quoted key" = "x = y"
long = [
  "[not.a.section]",
]
text = \"\"\"
b = 2
\"\"\"
[a.b]
c.d = { e = 1 }
[[p]]
n = 1
[[p]]
n = 2
"""


def test_each_key_has_the_line_where_it_begins() -> None:
    """Strings, arrays and dotted keys do not mislead."""
    assert lines_of_keys(TEXT) == {
        ("top",): 1,
        ("a",): 3,
        ("a", "quoted key"): 4,
        ("a", "long"): 5,
        ("a", "text"): 8,
        ("a", "b"): 11,
        ("a", "b", "c"): 12,
        ("a", "b", "c", "d"): 12,
        ("a", "b", "c", "d", "e"): 12,
        ("p", 0): 13,
        ("p", 0, "n"): 14,
        ("p", 1): 15,
        ("p", 1, "n"): 16,
    }


def test_what_is_missing_is_told_at_the_section_around_it() -> None:
    """A key that is not there has no line of its own."""
    lines = lines_of_keys(TEXT)
    assert line_of(lines, ("p", 1, "m")) == 15
    assert line_of(lines, ("nowhere",)) == 1
