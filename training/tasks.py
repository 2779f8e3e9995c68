from celery import Task, shared_task
from django.utils.translation import gettext as _
from django.utils.translation import override

from bastau.gateways.adapters import send_sms
from bastau.gateways.exchange import Fault
from bastau.people import codes


@shared_task
def follow_enrolments() -> None:
    """What time, groups and printed papers mean for enrolments and certificates."""
    from training.actions import course, following

    # A test that ran out with the window is scored before the window is closed.
    while course.time_out():
        pass
    following.follow_all()


@shared_task
def open_course(enrolment: int) -> None:
    """The first module and the business plan of who has begun."""
    from training.actions import course
    from training.models import Enrolment

    course.open_course(Enrolment._base_manager.get(pk=enrolment))


@shared_task
def open_final(enrolment: int) -> None:
    """The final test of who is being assessed."""
    from training.actions import course
    from training.models import Enrolment

    course.open_final(Enrolment._base_manager.get(pk=enrolment))


@shared_task
def stop_plan(enrolment: int) -> None:
    """No term of a plan runs on after the training of its writer."""
    from training.actions import business_plans
    from training.models import Enrolment

    business_plans.stop(Enrolment._base_manager.get(pk=enrolment))


@shared_task
def sweep_course() -> None:
    """Tests whose time is over, plans that did not come."""
    from training.actions import business_plans, course

    while course.time_out():
        pass
    business_plans.sweep()


@shared_task
def sweep_groups() -> None:
    """Monthly lists on the first; enrolment opened, training begun and ended on their days."""
    from training import sweeps

    sweeps.all_of_them()


@shared_task(bind=True, max_retries=4)
def send_offer_code(self: Task, token: str, enrolment_id: int) -> None:
    """Make the code of `token` and send it to the phone of the enrolment, to confirm the training contract."""
    from training.models import Enrolment

    issued = codes.issue(token)
    enrolment = Enrolment._base_manager.select_related("person").filter(pk=enrolment_id).first()
    if issued is None or enrolment is None or enrolment.person.iin != issued[0]:
        return
    phone = enrolment.phone or enrolment.person.phone
    with override(enrolment.language):
        text = _("Bastau: the code to accept the training contract is %(code)s. Tell it to nobody.")
        text %= {"code": issued[1]}
    try:
        send_sms(phone, text, key=f"offer-{token}")
    except Fault as fault:
        if not fault.final:
            # All tries lie within the code's five minutes.
            raise self.retry(exc=fault, countdown=5 * 2**self.request.retries)
