"""Roles of SPEC 5 as code. What a role may do stands in each app's `rights`; where it may look, in `visible_to`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SPECIALIST = "specialist", _("Employment assistance specialist")
    UNIT_HEAD = "unit_head", _("Head of unit")
    DIRECTOR = "director", _("Director of the centre")
    SC_OPERATOR = "sc_operator", _("State Corporation operator")
    LEB_OFFICER = "leb_officer", _("Officer of the local employment body")
    COORDINATOR = "coordinator", _("Chamber coordinator")
    TRAINER = "trainer", _("Business trainer")
    PROJECT_CONSULTANT = "project_consultant", _("Project consultant")
    COMMISSION_SECRETARY = "commission_secretary", _("Secretary of the commission")
    COMMISSION_MEMBER = "commission_member", _("Member of the commission")
    COMMISSION_CHAIR = "commission_chair", _("Chair of the commission")
    ACCOUNTANT = "accountant", _("Accountant")
    AUDITOR = "auditor", _("Internal auditor")
    SYSADMIN = "sysadmin", _("System administrator")


#: Duties in one sentence, for people who meet the role for the first time.
DUTIES = {
    Role.SPECIALIST: _("Accepts applications, asks the registers, finishes the check and proposes the result."),
    Role.UNIT_HEAD: _("Distributes the tasks of the unit and hears of every term that is missed."),
    Role.DIRECTOR: _("Reads and signs referrals and refusals, or sends them back. Never signs an own check."),
    Role.SC_OPERATOR: _("Accepts papers at the counter of the State Corporation and hands over the result."),
    Role.LEB_OFFICER: _(
        "Agrees plans and schedules of training; sees terms and figures of the region, without personal data."
    ),
    Role.COORDINATOR: _("Plans and announces groups, enrols participants, assigns trainers, closes groups."),
    Role.TRAINER: _("Keeps the journal of own groups, gives consultations, assesses business plans."),
    Role.PROJECT_CONSULTANT: _("Accompanies businesses, answers enquiries, keeps the register of problem issues."),
    Role.COMMISSION_SECRETARY: _("Calls the commission, writes the protocol, enters its decisions. Does not vote."),
    Role.COMMISSION_MEMBER: _(
        "Reads the projects of own meetings, scores and votes, recuses where there is an interest."
    ),
    Role.COMMISSION_CHAIR: _("Opens and closes the meeting; decides when exactly half of the votes are for."),
    Role.ACCOUNTANT: _("Forms payment orders and enters the bank's answers."),
    Role.AUDITOR: _("Reads any case and the audit log, changes nothing."),
    Role.SYSADMIN: _("Manages accounts, reference data and queues; opens no personal case."),
}
