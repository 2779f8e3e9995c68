"""Pages of a list by the key of the row they begin after: the thousandth page costs what the first one costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.http import urlencode

M = TypeVar("M", bound=Model)
SIZE = 25


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page and the addresses (query strings) of its neighbours, empty where there is none."""

    rows: list[M]
    previous_url: str
    next_url: str


def page(rows: QuerySet[M], keys: Sequence[str], asked: Mapping[str, str], *, size: int = SIZE) -> Page[M]:
    """The page of `rows` that `asked` (request.GET) names by `after` or `before`; one query, no COUNT.

    `keys` are fields of the model, all in one direction ("-pk" for descending), together unique; the last one is
    not null. Other parameters of `asked` are kept in the addresses. Raises Http404 for a mark that is no mark.
    """
    descending = keys[0].startswith("-")
    names = [key.removeprefix("-") for key in keys]
    after, before = asked.get("after"), asked.get("before")
    backwards = bool(before) and not after
    mark = before if backwards else after
    found = rows.order_by(*[f"-{name}" if descending != backwards else name for name in names])
    if mark:
        found = found.filter(_beyond(names, _read(rows.model, names, mark), smaller=descending != backwards))
    taken = list(found[: size + 1])
    more, taken = len(taken) > size, taken[:size]
    if backwards:
        taken.reverse()
    kept = {name: value for name, value in asked.items() if name not in {"after", "before"}}
    on = (more or backwards) and bool(taken)
    back = (more if backwards else bool(after)) and bool(taken)
    return Page(
        taken,
        previous_url=_url(kept, "before", _write(taken[0], names)) if back else "",
        next_url=_url(kept, "after", _write(taken[-1], names)) if on else "",
    )


def _beyond(names: Sequence[str], values: Sequence[Any], *, smaller: bool) -> Q:
    # (a, b) > (x, y), written so that an index on (a, b) is entered at x.
    strict, loose = ("lt", "lte") if smaller else ("gt", "gte")
    condition = Q(**{f"{names[-1]}__{strict}": values[-1]})
    for name, value in zip(reversed(names[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{name}__{loose}": value}) & (Q(**{f"{name}__{strict}": value}) | condition)
    return condition


def _write(row: Model, names: Sequence[str]) -> str:
    text = json.dumps([getattr(row, name) for name in names], cls=_Exact)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(model: type[Model], names: Sequence[str], mark: str) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError
        fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (ValueError, ValidationError, TypeError) as error:
        raise Http404 from error


def _url(kept: Mapping[str, str], name: str, mark: str) -> str:
    return "?" + urlencode({**kept, name: mark})


class _Exact(DjangoJSONEncoder):
    """Instants with their microseconds: a mark cut to milliseconds would show its own row again."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
