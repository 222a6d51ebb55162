"""What holds for every text and every reference day."""

from datetime import date, timedelta

from hypothesis import assume, example, given
from hypothesis import strategies as st

from deadlines import ParsedDeadline, describe, parse
from deadlines.normalise import normalise_wording
from tests.deadlines.wordings import references, texts

DAY = timedelta(days=1)
# Texts without a year and without weeks: weeks have other days from year to year.
YEARLESS = (
    *(
        "12. januar",
        "den 29. februar",
        "1. juni",
        "31/12",
        "medio maj",
        "ultimo februar",
        "i marts",
    ),
    *("1. kvartal", "ultimo 4. kvartal", "2. halvår", "forår", "til efteråret", "i vinter"),
    *("senest 1. maj", "inden oktober", "før 1. marts", "efter 1. februar", "fra august"),
    *("november - februar", "1. februar – 1. maj", "årsskiftet", "inden sommerferien"),
    *("halvårsskiftet", "inden halvårsskiftet", "næste skoleår", "skoleårets udgang"),
    *("skulle have været klar i maj", "skal være klar 1. juni", "går i gang i marts"),
    *("månedsskiftet maj/juni", "siden april", "forventes i maj", "næste måned", "årets udgang"),
)


@given(texts, st.dates())
@example("30. februar 0001 - 31. februar 9999", date.max)
@example("\ud800 1. maj", date(2026, 1, 1))
def test_parsing_never_raises_and_the_start_is_before_the_end(text, reference):
    parsed = parse(text, reference)
    if parsed.start and parsed.end:
        assert parsed.start <= parsed.end
    if parsed.kind in {"none", "paused", "waiting", "done", "ongoing"}:
        assert (parsed.start, parsed.end) == (None, None)
    if parsed.kind == "open":
        assert parsed.end is None
    if parsed.kind not in {"open", "none", "paused", "waiting", "done", "ongoing"}:
        assert parsed.end is not None
    if parsed.kind == "day" and parsed.start:
        assert parsed.start == parsed.end


@given(texts, references)
def test_the_normalised_wording_means_the_same(text, reference):
    assert parse(normalise_wording(text), reference) == parse(text, reference)


@given(st.sampled_from(YEARLESS), references, st.integers(min_value=-20, max_value=20))
def test_a_reference_day_years_later_moves_the_time_as_many_years(text, reference, years):
    assume((reference.month, reference.day) not in {(2, 28), (2, 29), (3, 1)})
    parsed = parse(text, reference)
    # A leap day moves the limit of "at most 92 days ago" by a day.
    assume(parse(text, reference - DAY) == parsed == parse(text, reference + DAY))
    later = reference.replace(year=reference.year + years)
    assume(parse(text, later - DAY) == parse(text, later) == parse(text, later + DAY))
    moved = parse(text, later)
    assert moved.kind == parsed.kind
    assert moved.start == _moved(parsed.start, years)
    assert moved.end == _moved(parsed.end, years)


def _moved(day: date | None, years: int) -> date | None:
    """Return `day` in another year; the last day of February stays the last."""
    if day is None:
        return None
    following = day + DAY
    if (following.month, following.day) == (3, 1):
        return following.replace(year=following.year + years) - DAY
    return day.replace(year=day.year + years)


@given(texts, references)
@example("senest 1.-3. juni", date(2026, 2, 26))
@example("30. februar, senest 30. februar", date(2001, 1, 1))
def test_the_interval_in_words_is_read_back(text, reference):
    parsed = parse(text, reference)
    again = parse(describe(parsed), reference)
    assert _interval(again) == _interval(parsed)


def _interval(parsed: ParsedDeadline) -> tuple[date | None, date | None, str]:
    return parsed.start, parsed.end, parsed.kind
