"""The number gate against two corpora with gold verdicts, and where it says that things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import yaml

from corridor import pandoc
from corridor.check.numbers import (
    Assertion,
    Claim,
    Exempted,
    Found,
    Prose,
    assertions,
    check_numbers,
    claims,
    find,
    placed,
    read_chapter,
)

CORPORA = Path(__file__).parent / "numbers"
LANGUAGES = ["en", "ru", "kk", "ky"]


@dataclass
class Score:
    """How the gate's verdicts on a corpus compare with the gold ones."""

    entries: int = 0
    faults: int = 0
    exempt: int = 0
    found_faults: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)


def fits(gold: str, found: str) -> bool:
    """Tell whether two ways of writing a number may mean the same one, such as "one" and "one in five"."""

    def within(part: str, whole: str) -> bool:
        return bool(re.search(rf"(?<![\w.,/]){re.escape(part)}(?![\w/]|[.,]\d)", whole))

    return within(gold, found) or within(found, gold)


def core(text: str) -> str:
    """Return a number without the ending of an ordinal or decade."""
    return re.sub(r"(?<=\d)['’]?[a-z]+$", "", re.sub(r"\s+", " ", text))


def matches(gold: list[dict[str, str]], found: list[Found]) -> list[tuple[int, int]]:
    """Return which gold number is which found one, in order; several may be parts of one."""

    @cache
    def best(g: int, f: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if g == len(gold) or f == len(found):
            return 0, ()
        ways = [best(g + 1, f), best(g, f + 1)]
        expected, seen = core(gold[g]["text"]), core(found[f].text)
        if fits(expected, seen):
            # Among the same texts, such as 12 in a link and in its target, the one with the same verdict.
            worth = 1 + (expected == seen) + (gold[g]["verdict"] == found[f].verdict) / 100
            steps = [(1, 1, 0.0)] if expected == seen else [(1, 1, 0.0), (1, 0, 0.1), (0, 1, 0.1)]
            for ahead_gold, ahead_found, loss in steps:
                score, pairs = best(g + ahead_gold, f + ahead_found)
                ways.append((score + worth - loss, ((g, f), *pairs)))
        return max(ways, key=lambda way: way[0])

    return list(best(0, 0)[1])


def read_corpus(language: str) -> list[tuple[Prose, list[dict[str, str]]]]:
    """Return prose and gold numbers of each entry, all read by one call of pandoc."""
    entries = yaml.safe_load((CORPORA / f"{language}.yml").read_text(encoding="utf-8"))
    # Footnotes are named over a whole text.
    texts = [re.sub(r"\[\^(?=[\w-]+\])", f"[^{n}-", entry["text"]) for n, entry in enumerate(entries)]
    whole = read_chapter("\n\n".join(f"# Entry {{.entry}}\n\n{text}" for text in texts)).document
    parts: list[pandoc.Node] = []
    for block in whole["blocks"]:
        if block["t"] == "Header" and "entry" in block["c"][1][1]:
            parts.append({**whole, "blocks": []})
        else:
            parts[-1]["blocks"].append(block)
    golds = [entry["numbers"] for entry in entries]
    read = [Prose(document=part, text=text) for part, text in zip(parts, texts, strict=True)]
    return list(zip(read, golds, strict=True))


@pytest.fixture(scope="module", params=LANGUAGES)
def score(request: pytest.FixtureRequest) -> Score:
    total = Score()
    for prose, gold in read_corpus(request.param):
        total.entries += 1
        found = find(prose, request.param)
        lines = placed(prose, found)
        found = [f for _, f in sorted(zip(lines, found, strict=True), key=lambda pair: pair[0])]
        pairs = matches(gold, found)
        for number, expected in enumerate(gold):
            verdicts = {found[f].verdict for g, f in pairs if g == number}
            seen = sorted(verdicts) or "seen"
            said = f"{expected['text']!r} is {expected['verdict']}, not {seen}, in {prose.text!r}"
            wrong = [said] if verdicts != {expected["verdict"]} else []
            if expected["verdict"] == "fault":
                total.faults += 1
                total.missed += wrong
            else:
                total.exempt += 1
                total.misnamed += wrong
        for number, one in enumerate(found):
            if one.verdict == "fault":
                total.found_faults += 1
                golds = {gold[g]["verdict"] for g, f in pairs if f == number}
                if golds != {"fault"}:
                    total.invented.append(f"{one.text!r} is {sorted(golds) or 'no number'} in {prose.text!r}")
    return total


def test_corpus_has_the_size_that_the_limits_need(score: Score) -> None:
    assert score.entries >= 150
    assert score.faults >= 100


def test_every_fault_is_found(score: Score) -> None:
    assert score.missed == [], "\n".join(["missed:", *score.missed])


def test_faults_that_are_found_are_faults(score: Score) -> None:
    precision = 1 - len(score.invented) / score.found_faults
    assert precision >= 0.97, "\n".join([f"precision {precision:.3f}; no faults:", *score.invented])


def test_exemptions_have_their_right_names(score: Score) -> None:
    agreement = 1 - len(score.misnamed) / score.exempt
    assert agreement >= 0.97, "\n".join([f"agreement {agreement:.3f}; misnamed:", *score.misnamed])


KINDS = ["ordinal", "fault", "year", "reference"]


def verdicts(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(f.text, f.verdict) for f in find(read_chapter(text), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What the numbers of a sentence say about each other.
        ("It employs 2000 welders.", [("2000", "fault")]),
        ("In 2020 USD 5 was paid.", [("2020", "year"), ("5", "fault")]),
        ("In 2023 150 firms closed.", [("2023", "year"), ("150", "fault")]),
        ("Trade passed here after 1453.", [("1453", "year")]),
        ("Some 1453 firms left.", [("1453", "fault")]),
        ("In Tables 2 and 3, 12 firms stand.", [("2", "reference"), ("3", "reference"), ("12", "fault")]),
        ("In this section 5 countries meet.", [("5", "fault")]),
        ("Annex B.2 and § 5", [("2", "reference"), ("5", "reference")]),
        ("The ratio is 1:10; we met at 9:10.", [("1:10", "fault"), ("9:10", "date")]),
        ("Boxes of 3x4", [("3", "fault"), ("4", "fault")]),
        ("three-quarters and nine-tenths", [("three-quarters", "fault"), ("nine-tenths", "fault")]),
        ("Exports, USD million; a million", [("million", "fault")]),
        ("a third country, a third of it", [("third", "ordinal"), ("third", "fault")]),
        # An accent or a soft hyphen does not cut a word in two.
        ("sec\u00adond, thir\u00adteen", [("sec\u00adond", "ordinal"), ("thir\u00adteen", "fault")]),
        # Lists beside a count must be lists of what it counts.
        ("Two firms left, prices rose and wages fell.", [("Two", "fault")]),
        ("Sales of two countries, one year and the rest.", [("two", "fault"), ("one", "fault")]),
        ("Five firms (A, B and others) joined.", [("Five", "fault")]),
        ("Two things: prices are high and wages low.", [("Two", "fault")]),
        ("three and a half thousand", [("three and a half thousand", "fault")]),
        ("It rests on two texts, with notes.\n\n- one\n- other", [("two", "fault")]),
        ("It rests on two texts.\n\n- one\n- other", [("two", "listed")]),
    ],
)
def test_verdicts(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Заём на 2000 предприятий.", [("2000", "fault")]),
        ("До 2024г. и 2025-го", [("2024", "year"), ("2025", "year")]),
        ("Высока сто\u0301имость.", []),
        ("У 3-х стран 3-й год", [("3", "fault"), ("3", "ordinal")]),
        # A letter and its mark apart, as some systems write them.
        ("первыи\u0306 и трe\u0308х".replace("e", "е"), [("первый", "ordinal"), ("трёх", "fault")]),
        ("десятилетие, десятилетний", [("десятилетний", "fault")]),
    ],
)
def test_verdicts_in_russian(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text, "ru") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A quarter is no ninety; an ordinal behind digits, a case ending, a part of the text.
        ("Бірінші тоқсанда тоқсан ел келді.", [("тоқсан", "fault")]),
        ("Тоқсан сайын, 3-тоқсанда, IV тоқсанда", [("3", "ordinal")]),
        ("60-орын, 20-дан, 2023-жылы, 3-кесте", [*zip(["60", "20", "2023", "3"], KINDS, strict=True)]),
        ("Ол он бір ел, оның бірі, онда, оны", [("он бір", "fault")]),
        ("іс жүзінде, дүние жүзі, жүз ел", [("жүз", "fault")]),
        ("Екі ел де, екі ел", [("екі", "fault")]),
        ("Үштен бірі, бір жарым, бір фирма", [("Үштен", "fault"), ("бір жарым", "fault")]),
    ],
)
def test_verdicts_in_kazakh(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text, "kk") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60-орун, 20дан, 2023-жылы, 3-таблица", [*zip(["60", "20", "2023", "3"], KINDS, strict=True)]),
        ("Ал он бир өлкө, анын бири, анда, аны", [("он бир", "fault")]),
        ("иш жүзүндө, дүйнө жүзү, жүз өлкө", [("жүз", "fault")]),
        ("Эки өлкө тең, эки өлкө", [("эки", "fault")]),
        ("биринчи жарым жылдык, жарымы", [("жарымы", "fault")]),
        ("5 майда фирма, 5-майда", [("5", "fault"), ("5", "date")]),
        ("алтынын баасы, алты", [("алты", "fault")]),
        ("Ондой болсо, ондой ортомчу, Жети-Суу", [("ондой", "fault"), ("Жети", "name")]),
    ],
)
def test_verdicts_in_kyrgyz(text: str, expected: list[tuple[str, str]]) -> None:
    assert verdicts(text, "ky") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Около eleven фирм doubled.", "ru", ["eleven", "doubled"]),
        ("Шамамен одиннадцать фирма, half, вдвое", "kk", ["одиннадцать", "half", "вдвое"]),
        ("Одиннадцати фирма, треть, a dozen", "ky", ["Одиннадцати", "треть", "dozen"]),
        ("Kazakh: двадцать, екі", "en", []),
    ],
)
def test_number_words_left_over_from_the_source(text: str, language: str, expected: list[str]) -> None:
    assert [word for word, verdict in verdicts(text, language) if verdict == "fault"] == expected


def test_names_of_the_source_stay_names_in_a_translation() -> None:
    for language in ("ru", "kk", "ky"):
        assert {verdict for _, verdict in verdicts("«Two Countries, Two Parks»", language)} == {"name"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 5 and [7 or {{< var a.b >}} семь]{lang=ru} and 9.", ["5", "9"]),
        ("In 5 and [7]{lang=en-GB}.", ["5", "7"]),
        ("::: {lang=ru}\n\nIn 5, [two and 7]{lang=en}, eleven.\n\n- 8\n\n:::\n\nAnd 9.", ["two", "7", "9"]),
        ('::: {lang=ru fig-alt="5"}\n\n6\n\n:::', []),
    ],
)
def test_text_in_another_language_is_not_read(text: str, expected: list[str]) -> None:
    assert [number for number, verdict in verdicts(text) if verdict == "fault"] == expected


def test_lines_behind_text_in_another_language() -> None:
    text = "Five.\n\n::: {lang=kk}\n\nБес ел, бес ел 5.\n\n:::\n\nAnd 5,\n[бес 5]{lang=kk} and\n5.\n"
    faults, _ = check_numbers("a.qmd", read_chapter(text), "en")
    assert [fault.line for fault in faults] == [1, 9, 11]
    assert [fault.line for fault in check_numbers("a.qmd", read_chapter(text), "kk")[0]] == [
        1,
        5,
        5,
        5,
        9,
        10,
        10,
        11,
    ]


def test_a_fact_is_opaque_and_owns_its_scale() -> None:
    text = "From {{< var a.b-2 >}} million to {{< var x >}}–15; `{{< var y5 >}}` and [{{< var z >}}](u/7)."
    assert verdicts(text) == [("15", "fault"), ("5", "code"), ("7", "url")]


def test_embeds_hold_no_number() -> None:
    assert [v for v in verdicts("{{< embed ../analysis/a2.ipynb#b3 >}}\n") if v[1] == "fault"] == []


TRICKY = """\
---
title: "Five roads"
date: 2026-11-22
description: >
  A paper with
  5 parts
---

# Heading 5 {#sec-5}

Costs: 5. More[^5] text with a [link of 5](https://example.org/5 "5") and
`code 5`; {{< var x.y5 >}} and then
again 5, as **5**,
*twice* 5[^b]. <!-- 5 -->

```
5
```

[^5]: Body of the note with 5,
    and 5 more.

    Its second paragraph has 6.

- thing
- thing 5
  - deeper 5

| A | B |
|---|---|
| 5 | 6 |
| 6 | 5 |

: Caption of 5 {#x}

::: {#tbl-5 .c5}

| A | B |
|---|---|
| {{< var a.b >}} | 5 |

Its caption says 5
:::

::: {.callout-note title="Box {{< var q >}} of 5"}
Inline^[a note of 5 [@key, p. 5]] and 5 [@key5].
:::

![Alt of 5](x5.png){fig-alt="Seen: 5" width=5}

> Quoted 5
> and then 5

[^b]: Another 5.

Term 5
:   Meaning 5

The last 5\\
and `5`{=html} 5
"""


def test_lines_of_the_same_number_in_every_place() -> None:
    prose = read_chapter(TRICKY)
    found = [f for f in find(prose, "en") if f.verdict == "fault"]
    lines = [(line, f.text) for line, f in zip(placed(prose, found), found, strict=True)]
    expected = [
        *((2, "Five"), (6, "5"), (9, "5")),
        *((11, "5"), (11, "5"), (13, "5"), (13, "5"), (14, "twice"), (14, "5")),
        *((20, "5"), (21, "5"), (23, "6"), (26, "5"), (27, "5")),
        *((31, "5"), (31, "6"), (32, "6"), (32, "5"), (34, "5")),
        *((40, "5"), (42, "5"), (45, "5"), (46, "5"), (46, "5")),
        *((49, "5"), (49, "5"), (51, "5"), (52, "5"), (54, "5"), (56, "5"), (57, "5"), (59, "5"), (60, "5")),
    ]
    source = TRICKY.split("\n")
    assert all(text in source[line - 1] for line, text in lines)
    assert sorted(lines) == sorted(expected)


def test_lines_of_a_caption_above_its_table_and_of_repeated_paragraphs() -> None:
    text = (
        "Table: Sums of 5\n\n| A |\n|---|\n| 5 |\n\n"
        "The rate was 5 percent.\n\nThe rate was 5 percent.\n\n`x`\n\nThe rate was\n5 percent.\n"
    )
    prose = read_chapter(text)
    found = [f for f in find(prose, "en") if f.verdict == "fault"]
    assert sorted(placed(prose, found)) == [1, 5, 7, 9, 14]


@pytest.mark.parametrize(
    "hidden",
    [
        "---\nversion: 5\n---",
        "# T {#sec-5}",
        "T [x](u/5)",
        "T [@k, p. 5]",
        "T `5`",
        "T^[of 5]",
        "T[^n]\n\n[^n]: In 5.",
        "T <b id=5></b>",
        "[^unused]: In 5.\n\nT",
        "```\n5\n```",
    ],
)
def test_lines_of_a_number_behind_one_that_is_not_read_there(hidden: str) -> None:
    text = f"{hidden}\n\n- 5\n"
    prose = read_chapter(text)
    found = [f for f in find(prose, "en") if f.verdict == "fault" and f.excerpt == "5"]
    assert placed(prose, found) == [text.count("\n")]


def test_lines_of_a_note_that_is_used_twice_and_of_one_that_is_not() -> None:
    text = "[^c]: Never used 5.\n\nA[^a] and b[^a] and c\\[^c].\n\n[^a]: Used 5.\n"
    prose = read_chapter(text)
    assert placed(prose, find(prose, "en")) == [5, 5]


def test_faults() -> None:
    text = (
        "# Trade\n\nIt rose by {{< var a.b >}} percent in 2023,\nthen by 7 percent; imports doubled.\n\n"
        '[Nearly a third]{.claim if="a.b > 0.3"} and [9]{.unchecked} or [8]{.unchecked reason="made up"},\n'
        "[half]{.claim}\n"
    )
    faults, exempted = check_numbers("chapters/trade.qmd", read_chapter(text), "en")
    assert [(f.file, f.line, f.what.partition(" is ")[0]) for f in faults] == [
        ("chapters/trade.qmd", 4, 'the number "7"'),
        ("chapters/trade.qmd", 4, 'the number "doubled"'),
        ("chapters/trade.qmd", 6, 'the number "9"'),
        ("chapters/trade.qmd", 7, 'the number "half"'),
    ]
    digits, words, reason, condition = faults
    assert "by 7 percent; imports doubled" in digits.what
    assert "{{< var ... >}}" in digits.mend
    assert '.unchecked reason="..."' in digits.mend
    assert ".claim" not in digits.mend
    assert '.claim if="..."' in words.mend
    assert "say why" in reason.mend
    assert "its condition" in condition.mend
    assert exempted == [
        Exempted(file="chapters/trade.qmd", line=6, text="9", reason=""),
        Exempted(file="chapters/trade.qmd", line=6, text="8", reason="made up"),
    ]


def test_faults_stand_in_the_order_of_the_source() -> None:
    text = "One percent[^n] and\n\n7 percent\n\n[^n]: Or 8 percent.\n"
    assert [f.line for f in check_numbers("a.qmd", read_chapter(text), "en")[0]] == [1, 3, 5]


def test_a_chapter_of_facts_has_no_faults() -> None:
    text = "# Trade in 2023\n\nIt grew by {{< var a.b >}} percent [@zhang2025, sec. 2.1].\n"
    assert check_numbers("a.qmd", read_chapter(text), "en") == ([], [])


def test_assertions_beside_facts() -> None:
    text = (
        "Exports rose in 2023. They reached {{< var a.b >}} and fell\nagain; the\nlargest part was oil.\n\n"
        'Sales [more than doubled]{.claim if="a.b > 2"} to {{< var a.c >}}, [twice]{.claim} the rest.\n'
    )
    prose = read_chapter(text)
    assert [(a.text, a.line, a.bound) for a in assertions(prose, "en")] == [
        ("fell", 1, False),
        ("largest", 3, False),
        ("more than doubled", 5, True),
        ("twice", 5, False),
    ]
    first = assertions(prose, "en")[0]
    assert first == Assertion(
        text="fell",
        excerpt="They reached {{…}} and fell again; the largest part was oil.",
        line=1,
        bound=False,
    )


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *((word, "en") for word in ("rose", "grew", "shrank", "increased", "larger", "smallest", "first")),
        *((word, "en") for word in ("exceeds", "above", "below", "ahead of", "twice", "halved", "fewer")),
        *((word, "ru") for word in ("вырос", "упал", "увеличился", "сократился", "больше", "крупнейший")),
        *((word, "kk") for word in ("өсті", "артты", "төмендеді", "есе", "көп", "ең", "бірінші", "астам")),
        *((word, "ky") for word in ("өстү", "артты", "төмөндөдү", "эсе", "көп", "эң", "биринчи", "ашык")),
        *(
            (word, "ru")
            for word in ("наименьший", "первый", "превысил", "выше", "ниже", "вдвое", "наибольшая")
        ),
    ],
)
def test_words_that_assert(word: str, language: str) -> None:
    text = f"Он {word} X {{{{< var a.b >}}}}."
    assert [a.text for a in assertions(read_chapter(text), language)] == [word]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Trade with {{< var a.b >}} is a roster of firms.", "en"),
        ("Exports rose. Trade is {{< var a.b >}}.", "en"),
        ("Россия и росток дают {{< var a.b >}}.", "ru"),
        ("Өсімдік артында {{< var a.b >}} бар.", "kk"),
        ("Өсүмдүк {{< var a.b >}} болот.", "ky"),
        ("It rose: [{{< var a.b >}}]{lang=ru}.", "en"),
        ("Its share is {{< var a.b >}}, [rose]{lang=ru}.", "en"),
    ],
)
def test_words_that_assert_nothing(text: str, language: str) -> None:
    assert assertions(read_chapter(text), language) == []


def test_claims() -> None:
    text = (
        '# [Doubled]{.claim if="a > 2 * b"}\n\nA note.[^n]\n\n'
        'It [rose by {{< var a.b >}},\nmore than *half*,]{.claim if="a.b > 0.5"} or [fell]{.claim}.\n\n'
        '[^n]: [A third]{.claim if="c > 0.33"}\n'
    )
    assert claims(read_chapter(text)) == [
        Claim(wording="Doubled", condition="a > 2 * b", line=1),
        Claim(wording="A third", condition="c > 0.33", line=8),
        Claim(wording="rose by {{…}}, more than half,", condition="a.b > 0.5", line=5),
        Claim(wording="fell", condition="", line=6),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# A\n\nSee what\n[@a; @b]: text goes 15 on.\n\nAnd 27 more.\n", [4, 6]),
        ("# A\n\nSee [x][a] 15.\n\n[a]: http://x/27\n[b]: http://x/27\n\nAnd 27 more.\n", [3, 8]),
    ],
)
def test_lines_behind_what_looks_like_the_target_of_a_link(text: str, lines: list[int]) -> None:
    faults, _ = check_numbers("a.qmd", read_chapter(text), "en")
    assert [fault.line for fault in faults] == lines
