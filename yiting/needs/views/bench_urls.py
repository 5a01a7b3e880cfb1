"""The addresses of the workbench."""

from django.urls import path

from yiting.needs.views import at_activity, bench, bench_acts, bench_advice, bench_import

urlpatterns = [
    path("bench/", bench.bench, name="bench"),
    path("bench/at/<str:code>/", at_activity.bench_at_activity, name="bench_at_activity"),
    path("bench/import/", bench_import.import_sheet, name="import"),
    path("bench/views/", bench_acts.save_view, name="save_view"),
    path("bench/views/<int:key>/delete/", bench_acts.delete_view, name="delete_view"),
    path("bench/suggestions/<int:key>/", bench_acts.suggestion, name="suggestion"),
    path("bench/photos/<int:key>/", bench.photo, name="bench_photo"),
    path("bench/photos/<int:key>/show/", bench_acts.photo_show, name="bench_photo_show"),
    path("bench/needs/<slug:code>/", bench.need, name="bench_need"),
    path("bench/needs/<slug:code>/merge/", bench_acts.merge, name="bench_merge"),
    path("bench/needs/<slug:code>/unmerge/", bench_acts.unmerge, name="bench_unmerge"),
    path("bench/needs/<slug:code>/split/", bench_acts.split, name="bench_split"),
    path("bench/needs/<slug:code>/sort/", bench_acts.sort, name="bench_sort"),
    path("bench/needs/<slug:code>/assign/", bench_acts.assign, name="bench_assign"),
    path("bench/needs/<slug:code>/accept/", bench_acts.accept, name="bench_accept"),
    path("bench/needs/<slug:code>/hand-back/", bench_acts.hand_back, name="bench_hand_back"),
    path("bench/needs/<slug:code>/decline/", bench_acts.decline, name="bench_decline"),
    path("bench/needs/<slug:code>/pause/", bench_acts.pause, name="bench_pause"),
    path("bench/needs/<slug:code>/resume/", bench_acts.resume, name="bench_resume"),
    path("bench/needs/<slug:code>/reply/", bench_acts.reply, name="bench_reply"),
    path("bench/needs/<slug:code>/reply/look/", bench_advice.look_over, name="bench_look_over"),
    path("bench/needs/<slug:code>/discuss/", bench_acts.discuss, name="bench_discuss"),
]
