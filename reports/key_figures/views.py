"""Show Nøgletal: the plan in numbers, on one page that can be printed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from core import danish
from core.links import with_query
from initiatives.dated_pages import PlanRequest, dated, plan_of
from initiatives.sources.live import KeptDocument
from reports.key_figures import figures
from reports.key_figures.figures import Figure, FigureRow, KeyFigures

# A number and the address of its rows; "" for none.
Cell = tuple[Figure, str]


@requires(Permission.VIEW_PLAN)
@require_safe
@dated
def key_figures(request: PlanRequest) -> HttpResponse:
    """Show how many initiatives are started, completed, on pause and without status: by principle,
    by year and in all."""
    shown = plan_of(request)
    document, counted = shown.document, shown.drawn(_count)
    table = request.links.to("initiatives:status-table")

    def cell(figure: Figure) -> Cell:
        return figure, with_query(table, figure.filter.query()) if figure.number else ""

    def row(numbers: FigureRow) -> tuple[str, list[Cell]]:
        return numbers.title, [cell(figure) for figure in numbers.figures]

    context = {
        "as_of": request.as_of,
        "counted_on": danish.day(document.drawn_up_on),
        "month": danish.month(document.month),
        "labels": counted.labels,
        "top_level_label": document.programme.top_level_label,
        "principles": [row(numbers) for numbers in counted.principles],
        "total": row(counted.all),
        "years": [row(numbers) for numbers in counted.years],
    }
    return render(request, "reports/key_figures/key_figures.html", context)


def _count(shown: KeptDocument) -> KeyFigures:
    return figures.count_key_figures(shown.document)
