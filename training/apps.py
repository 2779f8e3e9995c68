from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Training: lists, plans, groups, enrolment, course, tests, business plan, certificates, stipends."""

    name = "training"

    def ready(self) -> None:
        """Each import registers kinds, machines and receivers."""
        from training import (  # noqa: F401
            course_cards,
            enrolment_cards,
            group_receivers,
            receivers,
        )
        from training.deadlines import (  # noqa: F401
            business_plans,
            certificates,
            course,
            enrolments,
            groups,
            lists,
            stipends,
        )
        from training.notices import course as course_notices  # noqa: F401
        from training.notices import enrolments as enrolment_notices  # noqa: F401
        from training.notices import groups as group_notices  # noqa: F401
        from training.papers import business_plans as plan_papers  # noqa: F401
        from training.papers import certificates as certificate_papers  # noqa: F401
        from training.papers import enrolments as enrolment_papers  # noqa: F401
        from training.papers import groups as group_papers  # noqa: F401
        from training.papers import lists as list_papers  # noqa: F401
        from training.papers import stipends as stipend_papers  # noqa: F401

    def seed(self) -> str:
        """What `manage.py seed` loads for training: the course with its questions."""
        from training.seeding import load_course

        modules, questions = load_course()
        return f"{modules} modules of the course, {questions} questions"
