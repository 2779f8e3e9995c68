"""The house with one signing view more, as a domain app would write it."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path

from bastau import papers
from bastau.papers import pages
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper


def sign(request: HttpRequest, pk: int) -> HttpResponse:
    return csp_update({"connect-src": [pages.NCALAYER]})(_sign)(request, pk)


def _sign(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    form = SigningForm(request.POST or None, request.FILES or None, paper=paper, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            papers.sign(paper, form.cms(), by=request.user, post=None)
        except papers.SigningRefused as refused:
            form.add_error(None, refused.message)
        else:
            return HttpResponse("<p>signed</p>")
    context = pages.signing_context(paper, action_url=request.path, back_url="/", by=request.user, form=form)
    return render(request, "papers/sign.html", context)


urlpatterns = [path("test-sign/<int:pk>/", sign), path("", include("bastau.urls"))]
