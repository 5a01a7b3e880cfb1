"""The addresses of alliances: what is pooled and the chain first, since an alliance's own address could be any word."""

from django.urls import URLPattern, URLResolver, path

from yiting.alliances.views.pooling import bench as pool_bench
from yiting.alliances.views.pooling import pages, promises

app_name = "alliances"
# What is pooled, and the chain
POOL: list[URLPattern | URLResolver] = [
    path("pool/", pages.pool, name="pool"),
    path("pool/bench/", pool_bench.home, name="pool_bench"),
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
    path("<slug:slug>/pool/", pages.pool, name="pool"),
]
urlpatterns: list[URLPattern | URLResolver] = [*POOL]
