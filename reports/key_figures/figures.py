"""Nøgletal: the numbers of the directors' slides, counted on one plan document. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from initiatives.status.filter import Filter, is_in_state
from plan.document import Initiative, PlanDocument
from plan.status import NOT_REPORTED, Status


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, with the `filter` of the status table that shows the rows behind it."""

    label: str
    number: int
    filter: Filter


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The numbers of a principle, of a year's programme, or of the whole plan."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The numbers by principle, in all, and by year. An area may be in several years' programmes,
    or in none, so that the years do not add up to the whole; the principles do."""

    labels: tuple[str, ...]
    principles: tuple[FigureRow, ...]
    all: FigureRow
    years: tuple[FigureRow, ...]


def count_key_figures(document: PlanDocument) -> KeyFigures:
    """Count every number of the page. Not started, started and without status add up to all."""
    principles = tuple(
        _row(principle.title, principle.initiatives(), Filter(principle=principle.key))
        for principle in document.principles
    )
    areas = [area for principle in document.principles for area in principle.areas]
    years = sorted({number.year for area in areas for number in area.years})
    by_year = (
        (year, [area for area in areas if year in {number.year for number in area.years}])
        for year in years
    )
    total = _row("I alt", document.initiatives(), Filter())
    return KeyFigures(
        labels=tuple(figure.label for figure in total.figures),
        principles=principles,
        all=total,
        years=tuple(
            _row(
                f"Program {year}",
                (item for area in areas for item in area.initiatives),
                Filter(year=year),
            )
            for year, areas in by_year
        ),
    )


def _row(title: str, initiatives: Iterable[Initiative], chosen: Filter) -> FigureRow:
    items = list(initiatives)

    def by_status(label: str, status: str) -> Figure:
        number = sum(item.status == status for item in items)
        return Figure(label, number, replace(chosen, status=status))

    def by_state(label: str, state: str) -> Figure:
        number = sum(is_in_state(item, state) for item in items)
        return Figure(label, number, replace(chosen, state=state))

    figures = (
        Figure("Initiativer", len(items), chosen),
        by_status(Status.NOT_STARTED.label, Status.NOT_STARTED),
        by_state("Iværksat", "ivaerksat"),
        by_status("Heraf udført og afsluttet", Status.COMPLETED),
        by_status("Ikke oplyst", NOT_REPORTED),
        by_state("På pause", "paa-pause"),
        by_state("Afventer", "afventer"),
    )
    return FigureRow(title, figures)
