"""The addresses of deliberation: the workbench and what has a name of its own first, since a code could be any word."""

from django.urls import URLPattern, URLResolver, path

from yiting.deliberation.views import acts, bench, meeting_urls, sheets, topics

app_name = "deliberation"
Urls = list[URLPattern | URLResolver]
TOPICS: Urls = [
    path("", topics.board, name="board"),
    path("propose/", topics.propose, name="propose"),
    path("for-need/<str:code>/", topics.for_need, name="for_need"),
    path("bench/", bench.home, name="bench"),
    path("bench/new/", bench.new, name="topic_new"),
    path("bench/<str:code>/", bench.topic, name="bench_topic"),
    path("bench/<str:code>/change/", acts.change, name="topic_change"),
    path("bench/<str:code>/open/", acts.open_, name="topic_open"),
    path("bench/<str:code>/reopen/", acts.reopen, name="topic_reopen"),
    path("bench/<str:code>/last-days/", acts.last_days, name="topic_last_days"),
    path("bench/<str:code>/close/", acts.close, name="topic_close"),
    path("bench/<str:code>/resolve/", acts.resolve, name="topic_resolve"),
    path("bench/<str:code>/seed/", acts.seed, name="topic_seed"),
    path("bench/<str:code>/evidence/", acts.evidence, name="evidence_add"),
    path("bench/<str:code>/evidence/<int:pk>/", acts.evidence_away, name="evidence_remove"),
    path("bench/<str:code>/analyse/", acts.analyse, name="topic_analyse"),
    path("bench/<str:code>/statements/<int:number>/", acts.moderate, name="moderate"),
    path("bench/<str:code>/poster/", sheets.poster, name="topic_poster"),
    path("bench/<str:code>/sheets/", sheets.sheets, name="sheets"),
    path("bench/<str:code>/sheets/print/", sheets.print_, name="sheets_print"),
    path("bench/<str:code>/sheets/find/", sheets.find, name="sheet_find"),
    path("bench/<str:code>/sheets/<str:serial>/", sheets.sheet, name="sheet"),
]
ONE_TOPIC: Urls = [
    path("<str:code>/", topics.topic, name="topic"),
    path("<str:code>/vote/", topics.vote, name="vote"),
    path("<str:code>/say/", topics.say, name="say"),
    path("<str:code>/support/", topics.support, name="support"),
    path("<str:code>/statements/", topics.statements, name="statements"),
    path("<str:code>/result/", topics.result, name="result"),
    path("<str:code>/moderation/", topics.moderation, name="moderation"),
    path("<str:code>/papers/<int:pk>/", topics.paper, name="paper"),
]
urlpatterns: Urls = [*meeting_urls.urlpatterns, *TOPICS, *ONE_TOPIC]
