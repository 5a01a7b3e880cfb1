"""The addresses of activities: the feeds and the workbench first, since a code could be any word."""

from django.urls import path

from yiting.activities.views import acts, bench, coming, feeds, kinds, mine, resident

app_name = "activities"
urlpatterns = [
    path("", resident.board, name="board"),
    path("mine/", mine.mine, name="mine"),
    path("mine/link/", mine.renew, name="link_renew"),
    path("mine/link/end/", mine.revoke, name="link_revoke"),
    path("feed/place/<int:pk>.ics", feeds.place, name="feed_place"),
    path("feed/host/<int:pk>.ics", feeds.host, name="feed_host"),
    path("feed/kind/<slug:code>.ics", feeds.kind, name="feed_kind"),
    path("feed/mine/<str:token>.ics", feeds.person, name="feed_person"),
    path("bench/", bench.home, name="bench"),
    path("bench/kinds/", kinds.kinds, name="kinds"),
    path("bench/plan/", bench.plan, name="plan"),
    path("bench/<str:code>/", bench.activity, name="bench_activity"),
    path("bench/<str:code>/poster/", bench.poster, name="poster"),
    path("bench/<str:code>/names/", bench.names, name="names"),
    path("bench/<str:code>/change/", acts.change, name="change"),
    path("bench/<str:code>/cancel/", acts.cancel, name="cancel"),
    path("bench/<str:code>/count/", acts.count, name="count"),
    path("bench/<str:code>/arrived/<int:pk>/", acts.arrived, name="arrived"),
    path("bench/<str:code>/withdraw/<int:pk>/", acts.withdraw, name="bench_withdraw"),
    path("bench/<str:code>/report/", acts.report, name="report"),
    path("bench/<str:code>/photo/", acts.photo, name="photo_add"),
    path("bench/<str:code>/material/", acts.material, name="material_add"),
    path("bench/<str:code>/material/<int:pk>/", acts.material_away, name="material_remove"),
    path("in/<str:code>/<str:mark>/", coming.check_in_page, name="check_in"),
    path("<str:code>/", resident.activity, name="activity"),
    path("<str:code>/calendar.ics", feeds.one, name="ics"),
    path("<str:code>/sign-up/", coming.sign_up_page, name="sign_up"),
    path("<str:code>/step-back/<int:pk>/", coming.step_back, name="step_back"),
    path("<str:code>/feedback/", coming.feedback, name="feedback"),
    path("<str:code>/photos/<int:pk>/", resident.photo, name="picture"),
    path("<str:code>/papers/<int:pk>/", resident.paper, name="paper"),
]
