"""Papers, uploads and the public check page. Names are not namespaced."""

from django.urls import path

from bastau.papers import views

urlpatterns = [
    path("papers/<int:pk>/", views.paper_pdf, name="paper_pdf"),
    path("uploads/<int:pk>/", views.upload_file, name="upload_file"),
    path("verify/", views.verify_form, name="verify"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
