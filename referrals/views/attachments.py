"""Documents on work and education, if there are any: the citizen's page, and the part it shares with the counter.

A chosen file is never dropped: whichever button sends it, it is attached, or its mistake stands beside the field.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bastau.flow import Actor
from bastau.papers import UploadRefused
from bastau.papers.models import Upload
from referrals import actions
from referrals.forms import DocumentsForm
from referrals.models import ReferralApplication
from referrals.states import Document
from referrals.views.citizen import actor, both, on_draft, onward, page


def listed(uploads: Iterable[Upload]) -> list[dict[str, Any]]:
    """Files as the pages list them."""
    kinds = dict(Document.choices)
    return [{"upload": upload, "kind": kinds.get(upload.kind, "")} for upload in uploads]


def taken_in(request: HttpRequest, application: ReferralApplication, by: Actor) -> tuple[DocumentsForm, bool]:
    """The form after its files were attached or one taken out, and whether the request asked for any of this.

    What could not be attached is said in the form; the rest is attached. Raises Refused.
    """
    form = DocumentsForm(request.POST, request.FILES)
    form.full_clean()
    if number := request.POST.get("remove"):
        _take_out(request, application, by, number)
        return DocumentsForm(), True
    chosen = [(kind, file) for kind in form.fields for file in form.cleaned_data[kind]]
    for kind, file in chosen:
        try:
            upload = actions.attach(application, file, by=by, kind=kind)
        except UploadRefused as refused:
            form.add_error(kind, _("%(name)s: %(mistake)s") % {"name": file.name, "mistake": refused})
        else:
            messages.success(request, _("Attached: %(name)s") % {"name": upload.name})
    asked = request.POST.get("go") == "attach"
    if asked and not chosen:
        form.add_error(Document.WORK, _("Choose a file first, then press “Attach”. Without documents simply go on."))
    return form, bool(chosen) or asked


def _take_out(request: HttpRequest, application: ReferralApplication, by: Actor, number: str) -> None:
    # A file that is gone already, or is another's, changes nothing: the list shows what there is.
    numbers = {str(upload.pk): upload for upload in actions.attached(application)}
    if upload := numbers.get(number):
        actions.detach(application, upload, by=by)
        messages.success(request, _("Taken out: %(name)s") % {"name": upload.name})


@both
@on_draft
def documents(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """What the person attaches, which is nothing as a rule: the page may simply be passed."""
    form = DocumentsForm()
    if request.method == "POST":
        form, asked = taken_in(request, application, actor(request))
        if not asked:
            return onward(request, application, "documents")
        if not form.errors:
            return redirect(request.get_full_path())
    context = {"form": form, "attached": listed(actions.attached(application)), "sheets": application.sheets}
    return page(request, application, "documents", context)
