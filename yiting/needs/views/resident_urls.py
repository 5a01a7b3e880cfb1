"""The addresses of the residents' pages about needs."""

from django.urls import path

from yiting.needs.views import at_activity, resident, resident_behalf, resident_lists, resident_need, resident_receipt

urlpatterns = [
    path("", resident.home, name="home"),
    path("say/", resident.file, name="file"),
    path("say/similar/", resident.similar, name="similar"),
    path("needs/", resident_lists.needs, name="list"),
    path("hot/", resident_lists.hot, name="hot"),
    path("needs/<str:code>/", resident_need.need, name="need"),
    path("needs/<str:code>/me-too/", resident_need.support, name="support"),
    path("needs/<str:code>/add/", resident_need.add, name="add"),
    path("needs/<str:code>/judge/", resident_need.judge, name="judge"),
    path("needs/<str:code>/photo/<int:pk>/", resident_need.photo, name="photo"),
    path("r/", resident_receipt.receipt_find, name="receipt_find"),
    path("r/<str:code>/", resident_receipt.receipt, name="receipt"),
    path("r/<str:code>/slip/", resident_receipt.slip, name="slip"),
    path("r/<str:code>/add/", resident_receipt.receipt_add, name="receipt_add"),
    path("r/<str:code>/judge/", resident_receipt.receipt_judge, name="receipt_judge"),
    path("r/<str:code>/erase/", resident_receipt.receipt_erase, name="receipt_erase"),
    path("r/<str:code>/proof.json", resident_receipt.receipt_proof, name="receipt_proof"),
    path("r/<str:code>/photo/<int:pk>/", resident_receipt.receipt_photo, name="receipt_photo"),
    path("at/<str:code>/", at_activity.at_activity, name="at_activity"),
    path("behalf/", resident_behalf.behalf, name="behalf"),
]
