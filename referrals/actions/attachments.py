"""Documents on work and education, attached to a draft if there are any (118-a2-r08). The only writers of them."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import papers
from bastau.flow import Actor
from bastau.papers.models import Upload, UploadQuerySet
from referrals import papers as kinds
from referrals.actions.within import own_draft, void_papers
from referrals.models import ReferralApplication
from referrals.states import Document

#: What one application may carry; the number of sheets is a line of annex 1, and the counter's form ends there too.
MOST_FILES = 10
MOST_SHEETS = 500


def attached(application: ReferralApplication) -> UploadQuerySet:
    """The files attached now. The caller has found the application through `visible_to`."""
    return Upload.objects.of_case(application.kind, application.pk)


def attach(application: ReferralApplication, file: UploadedFile, *, by: Actor, kind: str) -> Upload:
    """Check and keep a file of a draft; `kind` is one of `Document`. Annex 1 prepared before is void.

    Raises papers.UploadRefused where something is wrong with the file, Refused where it is no draft of the actor's.
    """
    assert by.user is not None
    with transaction.atomic():
        draft = own_draft(application, by)
        known = {upload.pk: upload.pages for upload in attached(draft)}
        if len(known) >= MOST_FILES:
            raise papers.UploadRefused(
                _("%(most)s files are attached already, more are not possible. Join several pages into one PDF.")
                % {"most": MOST_FILES}
            )
        upload = papers.accept_upload(
            file,
            case=(draft.kind, draft.pk),
            kind=Document(kind).value,
            person=draft.person,
            office=draft.counter,
            by=by.user,
        )
        if upload.pk in known:
            raise papers.UploadRefused(_("This file is attached already: it stands in the list."))
        if sum(known.values(), upload.pages) > MOST_SHEETS:
            upload.file.delete(save=False)
            raise papers.UploadRefused(
                _("Together this is more than %(most)s pages. Attach only what shows your work and education.")
                % {"most": MOST_SHEETS}
            )
        _follow(draft)
    application.sheets = draft.sheets
    return upload


def detach(application: ReferralApplication, upload: Upload, *, by: Actor) -> None:
    """Take a file out of a draft. Twice changes nothing. Raises Refused as :func:`attach`."""
    with transaction.atomic():
        draft = own_draft(application, by)
        if attached(draft).filter(pk=upload.pk).exists():
            papers.remove_upload(upload)
            _follow(draft)
    application.sheets = draft.sheets


def _follow(draft: ReferralApplication) -> None:
    # Annex 1 prints the number of sheets.
    draft.sheets = sum(attached(draft).values_list("pages", flat=True))
    draft.save(update_fields=["sheets"])
    void_papers(draft, [kinds.APPLICATION_A1])
