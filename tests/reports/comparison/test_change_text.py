"""The sentences of a diff: one for each change, in Danish, the most important first."""

import dataclasses
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from deadlines.term import Term
from plan.status import NOT_REPORTED, Status
from reports.comparison.change_text import LONGEST, Importance, Sentence, change_text, summary
from reports.comparison.change_words import ending, full_stop, plain, quoted, short
from reports.comparison.diff import diff
from tests.reports.comparison import strategies
from tests.reports.report import documents

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def sentences(a: plan.PlanDocument, b: plan.PlanDocument) -> list[str]:
    return [sentence.text for sentence in change_text(diff(a, b))]


def only(a: plan.PlanDocument, b: plan.PlanDocument) -> str:
    (text,) = sentences(a, b)
    return text


def document(title: str = "Myndighedsbestilling", **fields: Any) -> plan.PlanDocument:
    return documents.in_one_area([documents.make_initiative(title, key="x", **fields)])


def judged(status: str, reason: str = "", **fields: Any) -> dict[str, Any]:
    base = plan.Judgement(status, reason, (), documents.FEBRUARY, documents.DAY, False)
    return {"status": status, "judgement": dataclasses.replace(base, **fields)}


# Laws


def assert_laws(a: plan.PlanDocument, b: plan.PlanDocument) -> None:
    found = diff(a, b)
    told = change_text(found)
    loud = [change.id for change in found.changes if not change.is_silent]
    assert sorted(sentence.change_id for sentence in told) == sorted(loud)
    assert [s.importance for s in told] == sorted(s.importance for s in told)
    assert change_text(diff(a, b)) == told
    short = change_text(found, with_texts=False)
    assert [s.change_id for s in short] == [s.change_id for s in told]
    for text in (*(sentence.text for sentence in (*told, *short)), summary(found)):
        assert text.endswith(".")
        assert not text.endswith("..")
        assert "  " not in text
        assert "\N{NO-BREAK SPACE}" not in text
        assert "\n" not in text
        assert text == text.strip()
        assert len(text) <= LONGEST
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
    found = diff(*pair)
    number = len(change_text(found))
    text = summary(found)
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


def test_book_keeping_is_not_told():
    before = judged("on_track")["judgement"]
    after = dataclasses.replace(document(before=before), month=MARCH)
    assert sentences(document(), after) == []
    assert summary(diff(document(), after)) == "Ingen ændringer siden februar 2026."


def test_every_status_has_its_importance():
    names = [*Importance.__members__][:7]
    assert sorted(name.lower() for name in names) == sorted([*Status.values, NOT_REPORTED])


# Status


def test_a_changed_status_with_a_short_reason():
    assert only(
        document(**judged("on_track")),
        document(**judged("minor_deviations", "Den juridiske afklaring trækker ud.")),
    ) == (
        "Myndighedsbestilling er ændret fra Forløber efter planen til Mindre afvigelser, "
        "fordi den juridiske afklaring trækker ud."
    )


def test_a_changed_status_with_a_longer_reason():
    assert only(
        document(**judged("on_track")),
        document(**judged("minor_deviations", "Begge leverancer er forsinket. Ny plan følger.")),
    ) == (
        "Myndighedsbestilling er ændret fra Forløber efter planen til Mindre afvigelser. "
        "Begrundelse: Begge leverancer er forsinket. Ny plan følger."
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, judged("on_track"), "X er vurderet for første gang: Forløber efter planen."),
        (
            {},
            judged("not_started", "Det venter på KL."),
            "X er vurderet for første gang: Ikke iværksat, fordi det venter på KL.",
        ),
        (
            judged("on_track"),
            {},
            "X er ændret fra Forløber efter planen til Ikke oplyst.",
        ),
        (
            judged("on_track", "Det går."),
            judged("on_track", "Nu går det bedre!"),
            "Status for X er fortsat Forløber efter planen. Ny begrundelse: »Nu går det bedre!«.",
        ),
        (
            judged("on_track", "Det går."),
            judged("on_track"),
            "Status for X er fortsat Forløber efter planen. Begrundelsen er taget ud.",
        ),
        (
            judged("minor_deviations", "Det går.", deviates=("Tidsplan",)),
            judged("minor_deviations", "Det går.", deviates=("Ressourcer", "Tidsplan")),
            (
                "Status for X er fortsat Mindre afvigelser. "
                "Det, der afviger, er nu: ressourcer og tidsplan."
            ),
        ),
    ],
)
def test_a_judgement(old: dict[str, Any], new: dict[str, Any], expected: str):
    assert only(document("X", **old), document("X", **new)) == expected


def test_a_status_is_called_what_its_document_called_it():
    after = document("X", **judged("on_track"))
    labels = tuple(
        dataclasses.replace(label, label="På sporet") if label.value == "on_track" else label
        for label in after.statuses
    )
    renamed = dataclasses.replace(after, statuses=labels)
    assert sentences(document("X", **judged("not_started")), renamed) == [
        "X er ændret fra Ikke iværksat til På sporet.",
        "Blandt statusserne hedder »Forløber efter planen« nu »På sporet«.",
    ]


# Deadlines

MARTS = Term("Marts 2026", MARCH, date(2026, 3, 31), "month")
UGE = Term("Uge 34", date(2026, 8, 17), date(2026, 8, 23), "week")
MEDIO = Term("Medio 2026", date(2026, 5, 1), date(2026, 8, 31), "year")
UDGANG = Term("Ved udgangen af 2026", date(2026, 12, 31), date(2026, 12, 31), "year")
SENEST = Term("Senest 1. juni 2028", None, date(2028, 6, 1), "day")
NO_DAY = Term("Senere", None, None, "none")
SKABELON = (plan.Action("a", "Fælleskommunal skabelon for myndighedsbestilling"),)


def with_deadline(term: Term, *moves: plan.Move, **fields: Any) -> plan.PlanDocument:
    base = plan.Deadline(
        "d",
        term.wording,
        "deadline",
        "Deadline",
        "a",
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        kind=term.kind,
        moves=moves,
    )
    return document(actions=SKABELON, deadlines=(dataclasses.replace(base, **fields),))


def move(
    old: Term | None, new: Term, reason: str = "", *, is_correction: bool = False
) -> plan.Move:
    return plan.Move(documents.DAY, old, new, reason, is_correction)


FOR = "Deadline for Fælleskommunal skabelon for myndighedsbestilling (Myndighedsbestilling)"
LATE = "Den juridiske afklaring trækker ud."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, MEDIO, LATE)),
            " er flyttet fra marts 2026 til medio 2026, fordi den juridiske afklaring trækker ud.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, UGE), move(UGE, MEDIO)),
            " er flyttet 2 gange, fra marts 2026 til medio 2026.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MEDIO, move(MARTS, MEDIO, "KL har svaret.", is_correction=True)),
            " er rettet fra marts 2026 til medio 2026. Begrundelse: KL har svaret.",
        ),
        (
            with_deadline(NO_DAY),
            with_deadline(MEDIO, move(None, MEDIO)),
            " er nu medio 2026. Den oprindelige deadline er ikke oplyst.",
        ),
        (with_deadline(NO_DAY), with_deadline(MEDIO), " er fastsat til medio 2026."),
        (with_deadline(NO_DAY), with_deadline(SENEST), " er fastsat til den 1. juni 2028."),
        (
            with_deadline(UDGANG),
            with_deadline(SENEST, move(UDGANG, SENEST)),
            " er flyttet fra udgangen af 2026 til den 1. juni 2028.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(NO_DAY, move(MARTS, NO_DAY, LATE)),
            " har ikke længere en dato, fordi den juridiske afklaring trækker ud. Før: marts 2026.",
        ),
        (
            with_deadline(MARTS),
            with_deadline(MARTS, move(MARTS, MEDIO), move(MEDIO, MARTS, LATE)),
            " er flyttet 2 gange og er igen marts 2026, fordi den juridiske afklaring trækker ud.",
        ),
    ],
)
def test_a_deadline_that_moved(old: plan.PlanDocument, new: plan.PlanDocument, expected: str):
    assert only(old, new) == FOR + expected


def test_a_presentation_that_moved():
    old, new = (with_deadline(term, fact="presentation", action=None) for term in (MARTS, MEDIO))
    assert only(old, new) == (
        "Forelæggelsen af Myndighedsbestilling er flyttet fra marts 2026 til medio 2026."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"fact": "completed", "fact_label": "Afsluttet", "met_on": MARCH},
            "Deadlinen for {} er ændret fra »Deadline« til »Afsluttet« den 1. marts 2026.",
        ),
        ({"met_on": MARCH}, "Deadlinen for {} blev opfyldt den 1. marts 2026."),
        (
            {"wording": "I marts 2026"},
            "Deadlinen »Marts 2026« (Myndighedsbestilling) lyder nu: »I marts 2026«.",
        ),
        ({"wording": "a" * 200}, "Ordlyden af deadlinen for {} er ændret."),
        ({"opens_on": MARCH}, "Opstarten af {} er nu den 1. marts 2026."),
        ({"set_by_hand": True}, "Datoen for {} er nu angivet manuelt."),
    ],
)
def test_a_deadline_that_changed(fields: dict[str, Any], expected: str):
    of = "Fælleskommunal skabelon for myndighedsbestilling (Myndighedsbestilling)"
    text = only(with_deadline(MARTS), with_deadline(MARTS, **fields))
    assert text == expected.format(of)


def test_a_deadline_of_another_indsats():
    before, after = with_deadline(MARTS, action=None), with_deadline(MARTS)
    assert only(before, after) == (
        "Deadlinen »Marts 2026« (Myndighedsbestilling) hører nu til indsatsen "
        "»Fælleskommunal skabelon for myndighedsbestilling«."
    )
    assert only(after, before) == (
        "Deadlinen »Marts 2026« (Myndighedsbestilling) hører ikke længere til en bestemt indsats."
    )


# What comes, goes and moves


def in_areas(**areas: tuple[plan.Initiative, ...]) -> plan.PlanDocument:
    found = (plan.Area(key, f"Område {key}", (), items) for key, items in areas.items())
    return documents.make_document([plan.Principle("p", "Fælles om kvalitet", tuple(found))])


X, Y = (documents.make_initiative(title, actions=(), deadlines=()) for title in "XY")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            in_areas(a=()),
            in_areas(a=(X,)),
            "Initiativet »X« er tilføjet under indsatsområdet »Område a«.",
        ),
        (
            in_areas(a=()),
            in_areas(a=(dataclasses.replace(X, **judged("on_track")),)),
            (
                "Initiativet »X« er tilføjet under indsatsområdet »Område a«. "
                "Status er Forløber efter planen."
            ),
        ),
        (in_areas(a=(X,)), in_areas(a=()), "Initiativet »X« indgår ikke længere i planen."),
        (
            in_areas(a=(X,), b=()),
            in_areas(a=(), b=(X,)),
            (
                "Initiativet »X« er flyttet fra indsatsområdet »Område a« til "
                "indsatsområdet »Område b«."
            ),
        ),
        (
            in_areas(a=(X, Y)),
            in_areas(a=(Y, X)),
            "Initiativet »Y« har fået en anden plads under indsatsområdet »Område a«.",
        ),
        (
            in_areas(),
            in_areas(a=(X, Y)),
            "Indsatsområdet »Område a« er tilføjet under »Fælles om kvalitet« med 2 initiativer.",
        ),
        (
            in_areas(a=(X,)),
            in_areas(),
            (
                "Indsatsområdet »Område a« indgår ikke længere i planen. "
                "Det samme gælder 1 initiativ under det."
            ),
        ),
        (
            documents.make_document([]),
            in_areas(a=(X,)),
            "Princip »Fælles om kvalitet« er tilføjet med 1 indsatsområde og 1 initiativ.",
        ),
        (
            document(actions=()),
            document(actions=SKABELON),
            (
                "Indsatsen »Fælleskommunal skabelon for myndighedsbestilling« er tilføjet under "
                "initiativet »Myndighedsbestilling«."
            ),
        ),
        (
            document(),
            document(deadlines=()),
            "Deadlinen »Medio 2026« indgår ikke længere i initiativet »Myndighedsbestilling«.",
        ),
    ],
)
def test_what_comes_goes_and_moves(old: plan.PlanDocument, new: plan.PlanDocument, expected: str):
    assert only(old, new) == expected


# Texts

PAUSED = plan.Mark("paused", "På pause", "jf. mødet i maj")
NO_TERMS = plan.Mark("no_terms", "Intet godkendt kommissorium", "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {},
            {"ask": "Skal initiativet lukkes?"},
            "Nyt spørgsmål til Implementeringsgruppen om X: »Skal initiativet lukkes?«.",
        ),
        (
            {"ask": "Skal vi?"},
            {"ask": "Kan vi?"},
            "Spørgsmålet til Implementeringsgruppen om X lyder nu: »Kan vi?«.",
        ),
        (
            {"ask": "Skal vi?"},
            {},
            "Spørgsmålet til Implementeringsgruppen om X stilles ikke længere.",
        ),
        ({}, {"report_text": "Godt."}, "X har fået en tekst i statusopgørelsen."),
        (
            {"report_text": "Godt."},
            {"report_text": "Bedre."},
            "Teksten om X i statusopgørelsen er ændret.",
        ),
        ({"report_text": "Godt."}, {}, "Teksten om X i statusopgørelsen er fjernet."),
        ({}, {"marks": (PAUSED,)}, "X er nu markeret med »På pause« (jf. mødet i maj)."),
        (
            {"marks": (PAUSED, NO_TERMS)},
            {},
            "X er ikke længere markeret med »På pause« og »Intet godkendt kommissorium«.",
        ),
        ({}, {"title": "Y"}, "Initiativet »X« hedder nu »Y«."),
        ({}, {"title": "X."}, "Initiativet »X« er skrevet på en anden måde."),
        (
            {},
            {"actions": (plan.Action("a", "Afprøvning af en skabelon."),)},
            "Indsatsen »Udvikling af en skabelon« under X hedder nu »Afprøvning af en skabelon«.",
        ),
    ],
)
def test_a_text(old: dict[str, Any], new: dict[str, Any], expected: str):
    assert only(document("X", **old), document(**({"title": "X"} | new))) == expected


def test_an_area_in_other_years():
    def area(*years: plan.YearNumber) -> plan.PlanDocument:
        areas = (plan.Area("a", "Område", years, ()),)
        return documents.make_document([plan.Principle("p", "Princip", areas)])

    first, other = plan.YearNumber(2025, 3, None), plan.YearNumber(2026, 8, 9)
    assert only(area(first), area(other)) == (
        "Indsatsområdet »Område« er kommet med i Program 2026 som nr. 8 (også 9) "
        "og indgår ikke længere i Program 2025."
    )
    assert only(area(first), area(dataclasses.replace(first, number=4))) == (
        "Indsatsområdet »Område« har nu nr. 4 i Program 2025 mod før nr. 3."
    )


def test_the_frame():
    before = document()
    programme = dataclasses.replace(
        before.programme, top_level_label="Fokusområde", top_level_label_plural="Fokusområder"
    )
    after = dataclasses.replace(before, banner="", programme=programme)
    assert sentences(before, after) == [
        "Bemærkningen om eksempeldata er fjernet.",
        "Planens øverste niveau hedder nu »Fokusområde«, i flertal »Fokusområder«.",
    ]


# Order and summary


def many() -> tuple[plan.PlanDocument, plan.PlanDocument]:
    """January's plan and February's, with a bit of everything changed."""

    def deadline(term: Term) -> plan.Deadline:
        days = {"starts_on": term.starts_on, "ends_on": term.ends_on, "kind": term.kind}
        return plan.Deadline("d", term.wording, "deadline", "Deadline", None, **days)  # type: ignore[arg-type]

    def make(title: str, **fields: Any) -> plan.Initiative:
        return documents.make_initiative(title, **({"actions": (), "deadlines": ()} | fields))

    old = in_areas(
        a=(
            make("A", **judged("on_track")),
            make("B", **judged("on_track")),
            make("C"),
            make("D", deadlines=(deadline(MARTS),)),
            make("E", report_text="Godt."),
            make("F", **judged("on_track")),
        )
    )
    new = in_areas(
        a=(
            make("A", **judged("completed")),
            make("B", **judged("closure_recommended"), ask="Skal initiativet lukkes?"),
            make("C", **judged("on_track")),
            make("D", deadlines=(deadline(MEDIO),)),
            make("E", report_text="Bedre."),
            make("F", **judged("on_track", month=MARCH, confirmed=True)),
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


def test_a_comparison_with_what_is_later_does_not_say_since():
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
        document(**judged("on_track")),
        document(**judged("completed", "Det går " * 250)),
    )
    text = only(before, after)
    assert LONGEST - 10 < len(text) <= LONGEST
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
def test_a_title_breaks_no_sentence(title: str, in_a_sentence: str, in_quotes: str):
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
