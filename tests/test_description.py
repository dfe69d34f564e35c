import pandas as pd
import pytest

from corridor import description, messages
from corridor.names import Name


@pytest.fixture
def russian(tmp_path):
    """Speak Russian with a catalogue of one message."""
    catalogue = tmp_path / "locales" / "ru" / "analysis" / "notebook.po"
    catalogue.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    said = 'msgid "{name}: {first} ({first_year}) to {last} ({last_year})."\n'
    told = 'msgstr "{name}: с {first} ({first_year}) до {last} ({last_year})."\n'
    catalogue.write_text(head + said + told, encoding="utf-8")
    messages.use("ru", tmp_path)
    yield
    messages.use("en", tmp_path)


def test_a_fall_between_rises():
    series = pd.Series({2017: 21.46, 2018: 22.56, 2020: 21.17, 2024: 64.35})
    assert description.trend("Exports", series, 2) == (
        "Exports: up from 21.46 in 2017 to 64.35 in 2024; lowest 21.17 in 2020."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "X: no figure."),
        ({2020: 1.0}, "X: 1.0 in 2020."),
        ({2020: None, 2021: 2.0}, "X: 2.0 in 2021."),
        ({2020: 2.0, 2021: 1.0}, "X: down from 2.0 in 2020 to 1.0 in 2021."),
        ({2020: 1.0, 2021: 1.0}, "X: unchanged from 1.0 in 2020 to 1.0 in 2021."),
        (
            {2021: 1.0, 2020: 2.0, 2022: 9.0},
            "X: up from 2.0 in 2020 to 9.0 in 2022; lowest 1.0 in 2021.",
        ),
    ],
)
def test_edges(values, expected):
    assert description.trend("X", pd.Series(values, dtype="float64")) == expected


def test_tiny_values_are_about_zero():
    assert description.trend("X", pd.Series({2020: -0.437, 2021: 0.00425}), 2) == (
        "X: up from −0.44 in 2020 to about zero in 2021."
    )
    assert description.trend("X", pd.Series({2020: 0.0}), 2) == "X: 0.00 in 2020."
    assert description.trend("X", pd.Series({2020: 0.0348})) == "X: 0.03 in 2020."
    assert description.trend("X", pd.Series({2020: -0.01}), 2) == "X: −0.01 in 2020."


def test_changes():
    series = pd.Series({2017: 5.28, 2020: 2.83, 2024: 17.12, 2025: None})
    assert description.change("X", series, 2) == "X: 5.28 (2017) to 17.12 (2024)."
    assert description.change("X", series[[2020]]) == "X: 2.8 in 2020."
    assert description.change("X", series[[2025]]) == "X: no figure."


def test_the_first_text_that_fits():
    long, short = "a" * (description.LIMIT + 1), "b" * description.LIMIT
    assert description.fitting(long, short, "c") == short
    assert description.fitting(long, long + "d") == long + "d"


def test_numbers():
    assert description.number(-0.437) == "−0.4"
    assert description.number(-0.0004) == "0.0"
    assert description.number(12345.678, 0) == "12,346"


def test_listing():
    assert [description.listing(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_words_and_numbers_follow_the_language(russian):
    series = pd.Series({2017: 5.28, 2024: 12345.6})
    assert description.change("X", series) == "X: с 5,3 (2017) до 12\xa0345,6 (2024)."
    assert description.number(-0.5) == "−0,5"
    assert description.listing(list("abc")) == "a, b и c"
    assert description.span([2017, 2024]) == "2017 и 2024"


def test_names_are_joined_in_every_form(russian):
    both = description.together(
        [Name("Китай", {"genitive": "Китая"}), Name("Казахстан", {"genitive": "Казахстана"})]
    )
    assert (f"{both}", both.genitive, both.dative) == (
        "Китай и Казахстан",
        "Китая и Казахстана",
        "Китай и Казахстан",
    )
