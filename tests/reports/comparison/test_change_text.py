"""The sentences of a diff: one for each change, in Danish, the most important first."""

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from deadlines.term import Term
from plan.status import NOT_REPORTED, Status
from reports.comparison.change_text import MAX_SENTENCE, Importance, Sentence, change_text, summary
from reports.comparison.change_words import ending, full_stop, plain, quoted, short
from reports.comparison.diff import diff
from tests.reports.comparison import strategies
from tests.reports.comparison.change_text_steps import (
    JANUARY,
    LATE,
    MARCH,
    MARTS,
    MEDIO,
    UDGANG,
    document,
    in_areas,
    move,
    only,
    sentences,
    with_deadline,
)
from tests.reports.report import documents
from tests.reports.report.documents import judged_fields

# Laws


def assert_laws(a: plan.PlanDocument, b: plan.PlanDocument) -> None:
    difference = diff(a, b)
    sentences = change_text(difference)
    loud = [change.id for change in difference.changes if not change.is_silent]
    assert sorted(sentence.change_id for sentence in sentences) == sorted(loud)
    assert [s.importance for s in sentences] == sorted(s.importance for s in sentences)
    assert change_text(diff(a, b)) == sentences
    short = change_text(difference, with_texts=False)
    assert [s.change_id for s in short] == [s.change_id for s in sentences]
    for text in (*(sentence.text for sentence in (*sentences, *short)), summary(difference)):
        assert text.endswith(".")
        assert not text.endswith("..")
        assert "  " not in text
        assert "\N{NO-BREAK SPACE}" not in text
        assert "\n" not in text
        assert text == text.strip()
        assert len(text) <= MAX_SENTENCE
        assert re.search(r"\w", text)


@given(strategies.pairs())
def test_each_change_has_one_sentence(pair):
    assert_laws(*pair)


@settings(max_examples=50)
@given(strategies.random_documents(least=2), strategies.random_documents(least=2))
def test_each_change_between_any_two_documents_has_one_sentence(a, b):
    assert_laws(a, b)


@settings(max_examples=25)
@given(strategies.pairs())
def test_the_numbers_of_the_summary_add_up(pair):
    difference = diff(*pair)
    number = len(change_text(difference))
    text = summary(difference)
    if not number:
        assert text.startswith("Ingen ændringer ")
        return
    total, *parts = (
        int(n) for n in re.findall(r"(?:(?<=^)|(?<=: )|(?<=, )|(?<= og ))(\d+) ", text)
    )
    assert total == number == sum(parts)


def test_the_same_document_has_no_sentences():
    assert sentences(document(), document()) == []
    assert summary(diff(document(), document())) == "Ingen ændringer siden den 26. februar 2026."


def test_bookkeeping_fields_have_no_sentence():
    before = judged_fields("on_track")["judgement"]
    after = dataclasses.replace(document(before=before), month=MARCH)
    assert sentences(document(), after) == []
    assert summary(diff(document(), after)) == "Ingen ændringer siden februar 2026."


def test_every_status_has_its_importance():
    names = [*Importance.__members__][:7]
    assert sorted(name.lower() for name in names) == sorted([*Status.values, NOT_REPORTED])


# Order and summary


def many() -> tuple[plan.PlanDocument, plan.PlanDocument]:
    """Return January's plan and February's, with some change of every kind."""

    def deadline(term: Term) -> plan.Deadline:
        days = {"starts_on": term.starts_on, "ends_on": term.ends_on, "kind": term.kind}
        return plan.Deadline("d", term.wording, "deadline", "Deadline", None, **days)  # type: ignore[arg-type]

    def make(title: str, **fields: Any) -> plan.Initiative:
        return documents.make_initiative(title, **({"actions": (), "deadlines": ()} | fields))

    old = in_areas(
        a=(
            make("A", **judged_fields("on_track")),
            make("B", **judged_fields("on_track")),
            make("C"),
            make("D", deadlines=(deadline(MARTS),)),
            make("E", report_text="Godt."),
            make("F", **judged_fields("on_track")),
        )
    )
    new = in_areas(
        a=(
            make("A", **judged_fields("completed")),
            make("B", **judged_fields("closure_recommended"), ask="Skal initiativet lukkes?"),
            make("C", **judged_fields("on_track")),
            make("D", deadlines=(deadline(MEDIO),)),
            make("E", report_text="Bedre."),
            make("F", **judged_fields("on_track", month=MARCH, confirmed=True)),
            make("G"),
        )
    )
    return dataclasses.replace(old, month=JANUARY), dataclasses.replace(new, banner="")


def test_the_most_important_comes_first():
    assert [(s.change_id, s.importance.name) for s in change_text(diff(*many()))] == [
        ("initiative:b:status", "CLOSURE_RECOMMENDED"),
        ("initiative:a:status", "COMPLETED"),
        ("initiative:c:status", "FIRST_STATUS"),
        ("deadline:d:move", "DEADLINE_MOVE"),
        ("initiative:b:ask", "ASK"),
        ("initiative:g:added", "INITIATIVE"),
        ("initiative:e:report_text", "TEXT"),
        ("document:plan:banner", "FRAME"),
    ]


def test_the_summary_counts_each_sort():
    assert summary(diff(*many())) == (
        "8 ændringer siden januar 2026: 3 statusændringer, 1 flyttet deadline, "
        "1 ændret spørgsmål, 1 nyt initiativ, 1 tekstændring og 1 ændring af rammen."
    )
    one = diff(document(), document(title="Y"))
    assert summary(one) == "1 ændring siden den 26. februar 2026: 1 tekstændring."


def test_a_comparison_with_a_later_document_does_not_say_since():
    later = dataclasses.replace(document(), month=MARCH)
    assert summary(diff(later, document())) == "Ingen ændringer i forhold til marts 2026."


def test_a_sentence_is_linked_to_its_change():
    (sentence,) = change_text(diff(document(), document(ask="Skal vi?")))
    assert sentence == Sentence(
        "initiative:x:ask",
        "Nyt spørgsmål til Implementeringsgruppen om Myndighedsbestilling: »Skal vi?«.",
        Importance.ASK,
    )


def test_the_longest_texts_still_make_a_sentence_that_can_be_locked():
    before, after = (
        document(**judged_fields("on_track")),
        document(**judged_fields("completed", "Det går " * 250)),
    )
    text = only(before, after)
    assert MAX_SENTENCE - 10 < len(text) <= MAX_SENTENCE
    assert text.endswith("….")


# Words


@pytest.mark.parametrize(
    ("title", "in_a_sentence", "in_quotes"),
    [
        ("Kontraktanalyse", "Kontraktanalyse", "»Kontraktanalyse«"),
        ("Model udviklet. ", "Model udviklet", "»Model udviklet«"),
        ("Kontrakter m.v.", "»Kontrakter m.v.«", "»Kontrakter m.v.«"),
        ("Projekt nr. 3. Fase to", "»Projekt nr. 3. Fase to«", "»Projekt nr. 3. Fase to«"),
        ("Dialog om »fælles« mål", "»Dialog om ›fælles‹ mål«", "»Dialog om ›fælles‹ mål«"),
        ("fælles postkasse", "»fælles postkasse«", "»fælles postkasse«"),
        ("To\nlinjer\N{NO-BREAK SPACE} her", "To linjer her", "»To linjer her«"),
        ("", "»uden titel«", "»uden titel«"),
        (" . ", "»uden titel«", "»uden titel«"),
    ],
)
def test_no_title_breaks_a_sentence(title: str, in_a_sentence: str, in_quotes: str):
    assert (plain(title), quoted(title)) == (in_a_sentence, in_quotes)


@given(st.text(max_size=20) | strategies.titles)
def test_quotes_enclose_all_of_a_title(title: str):
    text = quoted(title)
    assert (text[0], text[-1]) == ("»", "«")
    assert not set(text[1:-1]) & set("»«\n")
    assert text[1:-1].strip()
    assert plain(title) in (text, text[1:-1])


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("", "."),
        (" . ", "."),
        ("Arbejdet er forsinket", ", fordi arbejdet er forsinket."),
        ("fordi det ikke er klart.", ", fordi det ikke er klart."),
        # "fordi det er ikke klart" has its words in the wrong order.
        ("Det er ikke klart.", ". Begrundelse: Det er ikke klart."),
        ("Det er sent, fordi KL tøver.", ". Begrundelse: Det er sent, fordi KL tøver."),
        ("KL har svaret.", ". Begrundelse: KL har svaret."),
        ("Hvorfor så sent?", ". Begrundelse: »Hvorfor så sent?«."),
        ("Det haster!", ". Begrundelse: »Det haster!«."),
        ("Linje et\nLinje to", ". Begrundelse: Linje et Linje to."),
        (f"Det er {'meget ' * 30}sent.", f". Begrundelse: Det er {'meget ' * 30}sent."),
    ],
)
def test_a_reason_ends_the_sentence(reason: str, expected: str):
    assert ending(reason) == expected


def test_a_text_is_cut_between_words():
    assert short("Juridisk og skematisk overblik", 20) == "Juridisk og…"
    assert short("a" * 30, 20) == "a" * 19 + "…"
    assert short("Kort nok", 20) == "Kort nok"
    assert full_stop("Godkendt...") == "Godkendt."


def test_a_move_keeps_its_reason_when_it_is_corrected_afterwards():
    moves = (move(MARTS, MEDIO, LATE), move(MEDIO, UDGANG, "Tastefejl.", is_correction=True))
    text = only(with_deadline(MARTS), with_deadline(UDGANG, *moves))
    assert text.endswith(", fordi den juridiske afklaring trækker ud.")
