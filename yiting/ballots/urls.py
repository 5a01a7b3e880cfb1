"""The addresses of ballots: the workbench first, since a code could be any word, then the public pages."""

from django.urls import path

from yiting.ballots.views import acts, bench, candidates, papers, public, receipts, results, sources, voting

app_name = "ballots"
urlpatterns = [
    path("", public.board, name="board"),
    path("bench/", bench.home, name="bench"),
    path("bench/new/", bench.new, name="bench_new"),
    path("bench/propose/", sources.propose, name="propose"),
    path("bench/<str:code>/", bench.round_, name="bench_round"),
    path("bench/<str:code>/change/", acts.change, name="change"),
    path("bench/<str:code>/step/<slug:name>/", acts.step, name="step"),
    path("bench/<str:code>/limit/", acts.limit, name="limit"),
    path("bench/<str:code>/lift/", acts.lift, name="lift"),
    path("bench/<str:code>/count/", acts.count, name="count"),
    path("bench/<str:code>/observer/", acts.observer, name="observer"),
    path("bench/<str:code>/objections/<int:number>/", acts.answer, name="answer"),
    path("bench/<str:code>/add/", candidates.add, name="add"),
    path("bench/<str:code>/candidates/<int:number>/", candidates.candidate, name="bench_candidate"),
    path("bench/<str:code>/candidates/<int:number>/check/", candidates.check, name="candidate_check"),
    path("bench/<str:code>/candidates/<int:number>/change/", candidates.change, name="candidate_change"),
    path("bench/<str:code>/candidates/<int:number>/withdraw/", candidates.withdraw, name="candidate_withdraw"),
    path("bench/<str:code>/candidates/<int:number>/override/", candidates.override, name="candidate_override"),
    path("bench/<str:code>/candidates/<int:number>/take-back/", candidates.take_back, name="candidate_take_back"),
    path("bench/<str:code>/candidates/<int:number>/project/", candidates.project, name="candidate_project"),
    path("bench/<str:code>/counter/", papers.counter, name="counter"),
    path("bench/<str:code>/papers/", papers.papers, name="papers"),
    path("bench/<str:code>/papers/print/", papers.print_, name="papers_print"),
    path("bench/<str:code>/papers/hand-out/", papers.hand_out, name="hand_out"),
    path("bench/<str:code>/papers/find/", papers.find, name="paper_find"),
    path("bench/<str:code>/papers/<str:serial>/", papers.paper, name="paper"),
    path("bench/<str:code>/papers/<str:serial>/spoil/", papers.spoil, name="paper_spoil"),
    path("need/<str:code>/", sources.for_need, name="for_need"),
    path("resolution/<str:code>/", sources.for_resolution, name="for_resolution"),
    path("project/<str:code>/", sources.for_project, name="for_project"),
    path("<str:code>/", public.round_, name="round"),
    path("<str:code>/vote/", voting.vote, name="vote"),
    path("<str:code>/tablet/", voting.tablet, name="tablet"),
    path("<str:code>/check/", receipts.check, name="check"),
    path("<str:code>/leaves.txt", receipts.leaves, name="leaves"),
    path("<str:code>/proofs/<str:leaf>.json", receipts.proof, name="proof"),
    path("<str:code>/openings/", receipts.openings, name="openings"),
    path("<str:code>/result/", results.result, name="result"),
    path("<str:code>/ballots/", results.ballots, name="ballots"),
    path("<str:code>/objections/", results.object_, name="object"),
]
