"""The addresses of alliances: what is pooled and the chain first, since an alliance's own address could be any word."""

from django.urls import URLPattern, URLResolver, path

from yiting.alliances.views import acts, alliances, bench, chain, members
from yiting.alliances.views.pooling import bench as pool_bench
from yiting.alliances.views.pooling import kinds, pages, promises

app_name = "alliances"
# What is pooled, and the chain
POOL: list[URLPattern | URLResolver] = [
    path("pool/", pages.pool, name="pool"),
    path("pool/bench/", pool_bench.home, name="pool_bench"),
    path("pool/kinds/", kinds.kinds, name="kinds"),
    path("pool/kinds/usual/", kinds.usual, name="kinds_usual"),
    path("pool/kinds/pools/<int:pk>/", kinds.pool_name, name="pool_name"),
    path("pool/kinds/<int:pk>/", kinds.kind_name, name="kind_name"),
    path("pool/offers/new/", pool_bench.offer_new, name="offer_new"),
    path("pool/offers/<int:pk>/", pages.offer, name="offer"),
    path("pool/offers/<int:pk>/change/", pool_bench.offer_edit, name="offer_edit"),
    path("pool/offers/<int:pk>/withdraw/", pool_bench.offer_end, name="offer_end"),
    path("pool/offers/<int:offer_pk>/for/<int:ask_pk>/", pool_bench.claim, name="claim"),
    path("pool/asks/new/", pool_bench.ask_new, name="ask_new"),
    path("pool/asks/<int:pk>/", pages.ask, name="ask"),
    path("pool/asks/<int:pk>/close/", pool_bench.ask_end, name="ask_end"),
    path("pool/asks/<int:pk>/suggest/", pool_bench.suggest, name="suggest"),
    path("pool/promises/<int:pk>/", promises.match, name="match"),
    path("pool/promises/<int:pk>/<slug:name>/", promises.act, name="match_act"),
    path("helps/<str:code>/", pages.helps, name="helps"),
    path("chain/", chain.chain, name="chain"),
    path("chain/new/", chain.relation_new, name="relation_new"),
    path("chain/<int:pk>/end/", chain.relation_close, name="relation_close"),
    path("<slug:slug>/pool/", pages.pool, name="pool"),
    path("<slug:slug>/pool/record/", pages.record, name="pool_record"),
    path("<slug:slug>/chain/", chain.chain, name="chain"),
]
# Alliances and their turns
TURNS: list[URLPattern | URLResolver] = [
    path("", alliances.board, name="board"),
    path("bench/", bench.home, name="bench"),
    path("bench/found/", bench.found, name="found"),
    path("bench/<slug:slug>/", bench.manage, name="manage"),
    path("bench/<slug:slug>/plan/", acts.plan, name="plan"),
    path("bench/<slug:slug>/plan/adopt/", acts.adopt, name="adopt"),
    path("bench/<slug:slug>/plan/discard/", acts.discard, name="discard"),
    path("bench/<slug:slug>/absence/", acts.absence, name="absence"),
    path("bench/<slug:slug>/absence/<int:pk>/remove/", acts.absence_remove, name="absence_remove"),
    path("bench/<slug:slug>/swap/<int:pk>/answer/", acts.swap_answer, name="swap_answer"),
    path("bench/<slug:slug>/swap/<int:pk>/withdraw/", acts.swap_withdraw, name="swap_withdraw"),
    path("bench/<slug:slug>/turns/<slug:key>/", bench.turn, name="turn"),
    path("bench/<slug:slug>/turns/<slug:key>/swap/", acts.swap, name="swap"),
    path("bench/<slug:slug>/turns/<slug:key>/skip/", acts.skip, name="skip"),
    path("bench/<slug:slug>/turns/<slug:key>/step-in/", acts.step_in, name="step_in"),
    path("bench/<slug:slug>/turns/<slug:key>/hold/", acts.hold, name="hold"),
    path("bench/<slug:slug>/turns/<slug:key>/announce/", acts.announce, name="announce"),
    path("bench/<slug:slug>/members/", bench.members, name="members"),
    path("bench/<slug:slug>/members/join/", members.join, name="join"),
    path("bench/<slug:slug>/members/figure/", members.figure, name="figure"),
    path("bench/<slug:slug>/members/kind/", members.kind, name="kind"),
    path("bench/<slug:slug>/members/change/", members.change, name="change"),
    path("bench/<slug:slug>/members/<int:pk>/fill/", members.fill, name="fill"),
    path("bench/<slug:slug>/members/<int:pk>/leave/", members.leave, name="leave"),
    path("bench/<slug:slug>/members/<int:pk>/weigh/", members.weigh, name="weigh"),
    path("<slug:slug>/", alliances.alliance, name="alliance"),
    path("<slug:slug>/turns/", alliances.turns, name="turns"),
    path("<slug:slug>/turns.json", alliances.solved, name="solved"),
    path("<slug:slug>/feed.ics", alliances.feed, name="feed"),
    path("<slug:slug>/review/", alliances.review, name="review"),
    path("<slug:slug>/review.xlsx", alliances.review_xlsx, name="review_xlsx"),
]
urlpatterns: list[URLPattern | URLResolver] = [*POOL, *TURNS]
