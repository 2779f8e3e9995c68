"""The models of monitoring, by topic."""

from monitoring.models.accompaniment import (
    AccompanimentCase,
    AccompanimentQuerySet,
    MonitoringCard,
    Responsible,
    Visit,
    VisitQuerySet,
)
from monitoring.models.consultations import ConsultationMessage, ConsultationQuerySet, ConsultationRequest
from monitoring.models.problems import ProblemIssue, ProblemNote, ProblemQuerySet, ProblemRegister
from monitoring.models.recovery import Recovery, RecoveryQuerySet
from monitoring.models.reports import MisuseAct, QuarterlyReport, ReportLine, ReportQuerySet, ReportReturn

__all__ = [
    "AccompanimentCase",
    "AccompanimentQuerySet",
    "ConsultationMessage",
    "ConsultationQuerySet",
    "ConsultationRequest",
    "MisuseAct",
    "MonitoringCard",
    "ProblemIssue",
    "ProblemNote",
    "ProblemQuerySet",
    "ProblemRegister",
    "QuarterlyReport",
    "Recovery",
    "RecoveryQuerySet",
    "ReportLine",
    "ReportQuerySet",
    "ReportReturn",
    "Responsible",
    "Visit",
    "VisitQuerySet",
]
