"""The models of training, by topic."""

from training.models.announcements import Announcement
from training.models.attendance import Attendance, IndividualConsultation, PitchTraining
from training.models.business_plans import BusinessPlan, PlanLine, PlanScore
from training.models.certificates import Certificate
from training.models.course import CourseModule, FinalTest, ModuleProgress, Question, TestAttempt
from training.models.enrolments import Enrolment
from training.models.groups import ChangeRequest, MemberAnswer, TrainingGroup
from training.models.lists import ListLine, MonthlyList
from training.models.reasons import WrittenReason
from training.models.stipends import StipendAccount, StipendLine, StipendSheet
from training.models.timetable import ClassDay, Room
from training.models.training_plans import TrainingPlan

__all__ = [
    "Announcement",
    "Attendance",
    "BusinessPlan",
    "Certificate",
    "ChangeRequest",
    "ClassDay",
    "CourseModule",
    "Enrolment",
    "FinalTest",
    "IndividualConsultation",
    "ListLine",
    "MemberAnswer",
    "ModuleProgress",
    "MonthlyList",
    "PitchTraining",
    "PlanLine",
    "PlanScore",
    "Question",
    "Room",
    "StipendAccount",
    "StipendLine",
    "StipendSheet",
    "TestAttempt",
    "TrainingGroup",
    "TrainingPlan",
    "WrittenReason",
]
