from celery import Task, shared_task
from django.utils.translation import gettext as _
from django.utils.translation import override

from bastau.gateways.adapters import send_sms
from bastau.gateways.exchange import Fault
from bastau.people import codes
from bastau.people.models import Person


@shared_task(bind=True, max_retries=4)
def send_sign_in_code(self: Task, token: str) -> None:
    """Make the code of `token` and send it to the phone known for the person; nothing where there is none."""
    issued = codes.issue(token)
    if issued is None:
        return
    iin, code = issued
    person = Person.objects.filter(iin=iin).exclude(phone="").first()
    if person is None:
        return
    with override(person.language):
        text = _("Bastau: the sign-in code is %(code)s. Tell it to nobody.") % {"code": code}
    try:
        send_sms(person.phone, text, key=f"sign-in-{token}")
    except Fault as fault:
        if not fault.final:
            # All tries lie within the code's five minutes.
            raise self.retry(exc=fault, countdown=5 * 2**self.request.retries)
