"""Addresses of training: the citizen's pages."""

from django.urls import path

from training.views import business_plan, citizen_enrolment, citizen_offer, course, public_groups, stipend

app_name = "training"

urlpatterns = [
    path("training/groups/", public_groups.announced, name="groups"),
    path("training/change/<int:pk>/", public_groups.change, name="group_change"),
    path("training/apply/", citizen_enrolment.start, name="enrolment_start"),
    path("training/enrolment/<int:pk>/", citizen_enrolment.case, name="enrolment_case"),
    path("training/enrolment/<int:pk>/group/", citizen_enrolment.group, name="enrolment_group"),
    path("training/enrolment/<int:pk>/project/", citizen_enrolment.project, name="enrolment_project"),
    path("training/enrolment/<int:pk>/study/", citizen_enrolment.study, name="enrolment_study"),
    path("training/enrolment/<int:pk>/promises/", citizen_enrolment.promises, name="enrolment_promises"),
    path("training/enrolment/<int:pk>/check/", citizen_enrolment.check, name="enrolment_check"),
    path("training/enrolment/<int:pk>/sign/", citizen_enrolment.sign, name="enrolment_sign"),
    path("training/enrolment/<int:pk>/choose/", citizen_enrolment.choose, name="enrolment_choose"),
    path("training/enrolment/<int:pk>/offer/", citizen_offer.offer, name="enrolment_offer"),
    path("training/enrolment/<int:pk>/offer/sign/", citizen_offer.offer_sign, name="enrolment_offer_sign"),
    path("training/enrolment/<int:pk>/offer/code/", citizen_offer.offer_code, name="enrolment_offer_code"),
    path("training/enrolment/<int:pk>/leave/", citizen_enrolment.leave, name="enrolment_leave"),
    path("training/course/<int:pk>/", course.course_page, name="course"),
    path("training/module/<int:pk>/", course.module_page, name="module"),
    path("training/final/<int:pk>/", course.final_page, name="final"),
    path("training/test/<int:pk>/", course.test_page, name="test"),
    path("training/test/<int:pk>/<int:place>/", course.question_page, name="question"),
    path("training/test/<int:pk>/result/", course.result_page, name="result"),
    path("training/plan/<int:pk>/", business_plan.plan_page, name="plan"),
    path("training/plan/<int:pk>/estimate/", business_plan.estimate_page, name="plan_estimate"),
    path("training/plan/<int:pk>/<slug:section>/", business_plan.section_page, name="plan_section"),
    path("training/stipend/", stipend.stipend_page, name="stipend"),
]
