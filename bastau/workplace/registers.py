"""Registers: read-only lists of the AdminSite with keyset paging and no COUNT, each open to named roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bastau.workplace import keyset, rooms
from bastau.workplace.site import site

Text = str | Promise


@dataclass(frozen=True)
class Filter:
    """A drop-down over a register: the parameter, its label, its options (value, words), and the indexed field."""

    name: str
    label: Text
    options: Callable[[HttpRequest], Sequence[tuple[str, Text]]]
    lookup: str = ""

    def drawn(self, request: HttpRequest) -> dict[str, Any]:
        """What the template draws."""
        chosen = request.GET.get(self.name, "")
        return {
            "name": self.name,
            "label": self.label,
            "options": [(value, words, value == chosen) for value, words in self.options(request)],
        }

    def applied(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The rows with the chosen value; a value that is no option changes nothing."""
        chosen = request.GET.get(self.name, "")
        if chosen not in {value for value, _words in self.options(request)}:
            return rows
        return rows.filter(**{self.lookup or self.name: chosen})


class Register(admin.ModelAdmin):
    """A register of the workplace. Nothing is added, changed or removed in a list: actions are the only writers."""

    readers: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    filters: ClassVar[tuple[Filter, ...]] = ()
    details: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    heading: ClassVar[Text] = ""
    about: ClassVar[Text] = ""
    search_label: ClassVar[Text] = ""
    # A register with a room of its own in the header is not listed among the registers.
    listed: ClassVar[bool] = True

    def get_urls(self) -> list[URLPattern]:  # type: ignore[override]
        """The list and the page of one entry."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guarded = self.admin_site.admin_view
        urls = [path("", guarded(self.changelist_view), name=f"{name}_changelist")]
        if self.details:
            urls.append(path("<int:object_id>/change/", guarded(self.change_view), name=f"{name}_change"))
        return urls

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether one of the visitor's posts reads this register."""
        return rooms.holds_any(request, self.readers)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """All rows the visitor may see."""
        found = self.model._default_manager.all()
        return found.visible_to(request.user) if hasattr(found, "visible_to") else found

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that fit what was typed. Asked only where `search_label` is set."""
        return rows

    def row_url(self, row: Model) -> str:
        """The page of one entry, or nothing."""
        if not self.details:
            return ""
        return reverse(f"workplace:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """One page of the register."""
        if not self.has_view_permission(request):
            raise Http404
        rows = self.rows(request).select_related(*self.related)
        for one in self.filters:
            rows = one.applied(rows, request)
        typed = request.GET.get("q", "").strip() if self.search_label else ""
        if typed:
            rows = self.searched(rows, typed)
        found = keyset.page(rows, self.order, request.GET)
        narrowed = bool(typed) or any(request.GET.get(one.name) for one in self.filters)
        context = {
            "heading": self.heading or self.opts.verbose_name_plural,
            "about": self.about,
            "columns": [label_for_field(name, self.model, self) for name in self.list_display],
            "rows": [self._drawn(row) for row in found.rows],
            "page": found,
            "filters": [one.drawn(request) for one in self.filters],
            "search_label": self.search_label,
            "typed": typed,
            "narrowed": narrowed,
            "listed": self.listed,
        }
        return render(request, "admin/change_list.html", context)

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: int, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one entry."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.rows(request).select_related(*self.related), pk=object_id)
        context = {
            "heading": self.heading or self.opts.verbose_name_plural,
            "title": str(row),
            "facts": [
                {"label": label_for_field(name, self.model, self), "value": self._value(row, name)}
                for name in self.details
            ],
            "list_url": reverse(f"workplace:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return render(request, "admin/change_form.html", context)

    def _drawn(self, row: Model) -> dict[str, Any]:
        cells = [
            {"label": label_for_field(name, self.model, self), "value": self._value(row, str(name))}
            for name in self.list_display
        ]
        return {"url": self.row_url(row), "cells": cells}

    def _value(self, row: Model, name: str) -> Any:
        field, _attr, value = lookup_field(name, row, self)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field is None or value is None or hasattr(value, "__html__"):
            return "–" if value is None else value
        if isinstance(value, Model):
            return str(value)
        return display_for_field(value, field, "–") if field.flatchoices else value


def registers_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The registers the visitor may open, in the order of their names."""
    found = []
    for model, room in site._registry.items():
        if isinstance(room, Register) and room.listed and room.has_view_permission(request):
            found.append(
                {
                    "label": str(room.heading or model._meta.verbose_name_plural),
                    "about": room.about,
                    "url": reverse(f"workplace:{model._meta.app_label}_{model._meta.model_name}_changelist"),
                }
            )
    return found
