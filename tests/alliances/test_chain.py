"""The chain: who may put what on record, the picture with its table, what is missing, and the way between two units."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.places import make_community
from tests.factories.pooling import (
    AT,
    EVERYWHERE,
    TODAY,
    AskFactory,
    KindFactory,
    OfferFactory,
    RelationFactory,
    contact,
    contact_account,
    hall,
    make_unit,
)
from yiting.alliances.chain_svg import draw_chain
from yiting.alliances.errors import (
    DaysReversed,
    PoolingRefused,
    PoolTitleMissing,
    RelationMissing,
    RelationStands,
    RelationUnfit,
    SourceMissing,
)
from yiting.alliances.models import Alliance, Membership, Relation
from yiting.alliances.queries.chain import get_chain_page
from yiting.alliances.services import relation_add, relation_end
from yiting.ledger.models import Entry
from yiting.methods.chains import Relation as Edge
from yiting.methods.chains import layers
from yiting.people.actors import RESIDENT
from yiting.people.models import Account, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def browser(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def add(upstream: Organisation, downstream: Organisation, **more: Any) -> Relation:
    known = {"by": EVERYWHERE, "kind": "supply", "what": "硅片", "source": "合同", "at": AT} | more
    return relation_add(upstream=upstream, downstream=downstream, **known)


def allied(*units: Organisation) -> Alliance:
    place = make_community()
    alliance = Alliance.objects.create(
        slug="zhizao", name="智造先锋", place=place, place_path=place.path, created_at=AT
    )
    for number, unit in enumerate(units, start=1):
        Membership.objects.create(alliance=alliance, number=number, organisation=unit)
    return alliance


CHAIN = reverse("alliances:chain")


# --- relations
def test_a_contact_of_either_unit_puts_a_relation_on_record() -> None:
    upper, lower = make_unit(), make_unit()
    for unit, what in ((upper, "硅片"), (lower, "电池")):
        assert add(upper, lower, by=contact(unit), what=what).source == "合同"
    assert Entry.objects.filter(kind="alliances.relation.added", is_public=True).count() == 2
    for by in (contact(make_unit()), RESIDENT):
        with pytest.raises(RelationMissing):
            add(upper, lower, by=by, what="别的")


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"what": " "}, PoolTitleMissing),
    ({"what": "长" * 81}, PoolTitleMissing),
    ({"source": ""}, SourceMissing),
    ({"source": "长" * 121}, SourceMissing),
    ({"kind": "friendship"}, RelationUnfit),
])  # fmt: skip
def test_a_relation_that_cannot_be_is_refused(wrong: dict[str, str], refusal: type[PoolingRefused]) -> None:
    with pytest.raises(refusal):
        add(make_unit(), make_unit(), **wrong)
    assert not Relation.objects.exists()


def test_a_relation_is_between_two_and_stands_once() -> None:
    upper, lower = make_unit(), make_unit()
    with pytest.raises(RelationUnfit):
        add(upper, upper)
    add(upper, lower)
    with pytest.raises(RelationStands):
        add(upper, lower)
    add(lower, upper)


def test_an_ended_relation_stays_on_record_and_may_begin_again() -> None:
    relation = add(make_unit(), make_unit(), since_on=TODAY)
    with pytest.raises(RelationMissing):
        relation_end(by=contact(make_unit()), relation=relation, at=AT)
    with pytest.raises(DaysReversed):
        relation_end(by=EVERYWHERE, relation=relation, on=TODAY.replace(year=2020), at=AT)
    assert relation_end(by=contact(relation.downstream), relation=relation, at=AT).ended_on == TODAY
    with pytest.raises(RelationMissing):
        relation_end(by=EVERYWHERE, relation=relation, at=AT)
    add(relation.upstream, relation.downstream)
    assert Relation.objects.count() == 2


# --- the page
def test_the_picture_and_the_table_say_the_same(visitor: Client) -> None:
    units = [make_unit(name) for name in ("晶澳", "奇瑞", "金龙", "研究院")]
    add(units[0], units[1])
    add(units[1], units[2], what="底盘")
    add(units[3], units[1], kind="research", what="电池配方")
    page = visitor.get(CHAIN).content.decode()
    picture = re.search(r"<svg class=\"chain\".*?</svg>", page, re.S)
    assert picture is not None
    drawn = ElementTree.fromstring(picture.group(0))
    boxes = {"".join(box.itertext()) for box in drawn.iter("text")}
    assert boxes == {unit.name for unit in units}
    edges = [edge for edge in drawn.iter("path") if "edge" in edge.get("class", "")]
    assert sorted(edge.get("class", "").split()[1] for edge in edges) == ["research", "supply", "supply"]
    table = page.partition("<table")[2].partition("</table>")[0]
    for said in ("晶澳", "底盘", "电池配方", "Research", "合同"):
        assert said in table, said


def test_every_box_and_line_lies_inside_the_picture() -> None:
    edges = [Edge("1", "2", "supply"), Edge("2", "3", "service"), Edge("3", "1", "research"), Edge("1", "4", "supply")]
    names = {key: f"某某新能源科技股份有限公司第{key}号分公司" for key in "12345"}
    drawn = ElementTree.fromstring(draw_chain(layers(edges, units=sorted(names)), names))
    left, top, width, height = (float(number) for number in drawn.get("viewBox", "").split())
    boxes = [[float(rect.get(name, "nan")) for name in ("x", "y", "width", "height")] for rect in drawn.iter("rect")]
    assert len(boxes) == 5
    for x, y, wide, high in boxes:
        assert left <= x <= left + width - wide
        assert top <= y <= top + height - high
    for one, (x, y, wide, high) in enumerate(boxes):
        for other_x, other_y, _wide, _high in boxes[one + 1 :]:
            assert abs(x - other_x) >= wide or abs(y - other_y) >= high, "no two boxes overlap"
    assert "…" in "".join(drawn.itertext())


def test_an_alliance_s_chain_holds_its_members_and_those_they_deal_with(visitor: Client) -> None:
    member, neighbour, lonely = make_unit("晶澳"), make_unit("硅料厂"), make_unit("金龙")
    alliance = allied(member, lonely)
    add(neighbour, member)
    add(make_unit("远方"), make_unit("更远"))
    for address in (f"{CHAIN}?alliance={alliance.slug}", reverse("alliances:chain", args=[alliance.slug])):
        page = text(visitor.get(address))
        assert all(name in page for name in ("晶澳", "硅料厂", "金龙"))
        assert "远方" not in page
    assert "远方" in text(visitor.get(CHAIN))
    assert visitor.get(reverse("alliances:chain", args=["gone"])).status_code == 404


def test_what_three_ask_for_and_nobody_gives_is_pointed_out(visitor: Client) -> None:
    kind = hall()
    asking = [AskFactory(kind=kind).organisation.name for _n in range(2)]
    OfferFactory(kind=KindFactory())
    assert "What is missing" not in text(visitor.get(CHAIN))
    asking.append(AskFactory(kind=kind).organisation.name)
    page = text(visitor.get(CHAIN))
    assert "3 ask for it, nobody gives it." in page
    assert all(name in page for name in asking)
    assert f"{reverse('alliances:pool')}?kind=hall#asked" in page
    giver = OfferFactory(kind=kind)
    assert f"only {giver.organisation.name} gives it" in text(visitor.get(CHAIN))
    OfferFactory(kind=kind)
    assert "What is missing" not in text(visitor.get(CHAIN))


def test_the_way_between_two_units_is_told_step_by_step(visitor: Client) -> None:
    first, middle, last, apart = (make_unit(name) for name in ("晶澳", "奇瑞", "金龙", "孤家"))
    add(first, middle)
    add(last, middle, kind="service", what="物流")
    add(apart, make_unit())

    def way(a: Organisation, b: Organisation) -> str:
        return text(visitor.get(f"{CHAIN}?a={a.pk}&b={b.pk}"))

    page = way(first, last)
    assert "晶澳 gives 奇瑞" in page
    assert "奇瑞 receives from 金龙" in page
    assert page.count("marked") == 2
    assert "No relation on record leads" in way(first, apart)
    assert "the same unit" in way(first, first)
    for spoilt in ("a=x&b=1", "a=1", f"a={first.pk}&b=999999", "a=-1&b=" + "9" * 40):
        assert visitor.get(f"{CHAIN}?{spoilt}").status_code == 200


def test_an_empty_chain_says_so(visitor: Client) -> None:
    assert "No relation on record yet" in text(visitor.get(CHAIN))


def test_relations_are_put_on_record_and_ended_by_forms(visitor: Client) -> None:
    upper, lower = make_unit("晶澳"), make_unit("奇瑞")
    allied(upper, lower)
    client = browser(contact_account(upper))
    said = {"upstream": upper.pk, "downstream": lower.pk, "kind": "supply", "what": "硅片", "source": "合同"}
    assert client.post(reverse("alliances:relation_new"), said | {"what": ""}).status_code == 422
    assert client.post(reverse("alliances:relation_new"), said | {"downstream": upper.pk}).status_code == 400
    assert client.post(reverse("alliances:relation_new"), said).status_code == 302
    assert client.post(reverse("alliances:relation_new"), said).status_code == 409
    relation = Relation.objects.get()
    end = reverse("alliances:relation_close", args=[relation.pk])
    assert end not in text(visitor.get(CHAIN))
    assert end in text(client.get(CHAIN))
    assert browser(contact_account(make_unit())).post(end).status_code == 404
    assert client.post(end).status_code == 302
    assert "No relation on record yet" in text(visitor.get(CHAIN))


def test_the_chain_takes_as_many_queries_for_3_as_for_30() -> None:
    unit = make_unit()
    alliance = allied(unit)

    def counted() -> int:
        with CaptureQueriesContext(connection) as found:
            get_chain_page(alliance, by=RESIDENT, day=TODAY)
        return len(found)

    def grow(many: int) -> None:
        for _n in range(many):
            RelationFactory(upstream=unit)
            RelationFactory(downstream=unit)
            AskFactory(organisation=unit)

    grow(3)
    few = counted()
    grow(27)
    assert counted() == few
