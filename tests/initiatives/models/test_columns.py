"""A column stands on the class whose methods use it, so that mypy can check them."""

import ast
from typing import Any

import pytest

from initiatives.models.judged import Judged
from initiatives.models.movable import Movable
from reports.editions.log import tables
from tests.test_project import trees


def test_no_rule_hides_the_columns_it_works_on():
    """`row: Any = self` hides them from mypy, and from the reader."""
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign)
        and ast.unparse(node.annotation) == "Any"
        and node.value is not None
        and ast.unparse(node.value).startswith(("self", "writing.lock("))
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("base", "columns"),
    [
        (Judged, {"status", "ask", "internal_notes"}),
        (Movable, {"wording", "fact", "starts_on", "ends_on", "kind", "set_by_hand", "met_on"}),
    ],
)
def test_a_base_holds_the_columns_that_its_methods_set(base: Any, columns: set[str]):
    assert columns <= {field.name for field in base._meta.get_fields()}


def test_the_hash_of_the_log_does_not_ask_where_a_column_stands():
    """Moving a column from one class to another leaves every Kontrolkode as it is."""
    for table in tables():
        assert list(table.columns) == sorted(table.columns), table.name
