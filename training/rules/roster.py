"""How many a group may have (118-p22-3, A-16)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bastau import law


def size_fault(members: int, *, offline: bool, together: bool = False) -> str:
    """Why a group of so many cannot be, in a sentence that says what to do; empty when it can.

    15 to 70 in practical training; no limits online. `together` asks for the upper limit alone, of two groups merged.
    """
    if not offline:
        return ""
    least, most = law.value("118-p22-3:min"), law.value("118-p22-3:max")
    counted = ngettext("The group has %(n)d member.", "The group has %(n)d members.", members) % {"n": members}
    if members < least and not together:
        way = _(
            "Practical training needs at least %(least)d. Postpone the group, merge it with another one or turn it"
            " online with the agreement of the local employment body."
        )
        return f"{counted} {way % {'least': least}}"
    if members > most:
        way = _("Practical training takes at most %(most)d. Leave the others on the waiting list.")
        return f"{counted} {way % {'most': most}}"
    return ""
