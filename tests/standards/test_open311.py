"""GeoReport v2 as an independent client, the published schemas and the specification see it."""

from __future__ import annotations

import json
import pathlib
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import requests
import xmltodict
import yaml
from django.test import Client
from django.utils.dateparse import parse_datetime
from georeport import GeoReport
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories.needs import STAFF, NeedFactory, RequestFactory, public_need, say
from tests.factories.people import PersonFactory
from tests.standards.conftest import Town
from yiting.needs.models import ServiceRequest, State
from yiting.needs.queries.wording import shown_words
from yiting.needs.services import need_reply, need_sort, request_erase
from yiting.needs.spreadsheets.texts import text_clean
from yiting.people.models import PersonalRecord, TokenScope
from yiting.people.services import token_revoke
from yiting.places import clock

BASE = "/open311/v2"
FORMATS = ("json", "xml")
AWKWARD = "\x00\x08\x0b\x1f\x7f\x85\u200d\u202e\ufeff\ufffe\U0001f468\U0001f4a7<>&]'\"长"


def days_ago(days: float) -> datetime:
    return clock.now() - timedelta(days=days)


def read(answer: Any, ending: str) -> Any:
    """The document of an answer: what JSON says, or the same out of XML."""
    if ending == "json":
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return [{leaf.tag: leaf.text for leaf in item} for item in ElementTree.fromstring(answer.content)]


def posted(town: Town, **fields: str) -> dict[str, str]:
    base = {
        "api_key": town.filing_key,
        "service_code": str(town.service.pk),
        "description": "路灯不亮，老人晚上摔倒了",
        "address_string": "天骄社区仁和家园3号楼门口",
    }
    return base | fields


@pytest.fixture(params=FORMATS)
def ending(request: pytest.FixtureRequest) -> str:
    return request.param


class TestIndependentClient:
    """The `georeport` client from PyPI against a running server, in both formats."""

    @pytest.fixture
    def reach(self, served: str, ending: str) -> GeoReport:
        return GeoReport(f"{served}{BASE}", output_format=ending)

    def test_it_walks_from_services_to_the_request(self, town: Town, reach: GeoReport, ending: str) -> None:
        """Services, definition, handing in, the request by number, the list and the token tell one story."""
        services = reach.get_service_list()
        [service] = services if ending == "json" else [services]
        assert service["service_code"] == str(town.service.pk)
        assert (service["service_name"], service["group"]) == ("公共设施", "城乡建设")
        definition = reach.get_service_definition(service["service_code"])
        attributes = definition["attributes"]
        attribute = attributes[0] if ending == "json" else attributes["attribute"]
        value = attribute["values"][0] if ending == "json" else attribute["values"]["value"]
        assert (attribute["code"], value) == ("KIND", {"key": str(town.kind.pk), "name": "路灯"})

        answer = requests.post(
            f"{reach.root_address}/requests.{ending}",
            data=posted(town, **{f"attribute[{attribute['code']}]": value["key"]}),
            timeout=20,
        )
        assert answer.status_code == 201
        [made] = read(answer, ending)
        filed = ServiceRequest.objects.get(pk=int(made["service_request_id"]))
        assert (filed.category, filed.place, filed.channel) == (town.kind, town.building, "open311")
        assert "token" not in made
        assert filed.code in made["service_notice"]

        need_sort(by=STAFF, need=filed.need, at=clock.now())
        single = reach.get_service_request(made["service_request_id"])
        assert single["description"] == "路灯不亮，老人晚上摔倒了"
        assert (single["status"], single["service_code"]) == ("open", str(town.service.pk))
        listed = reach.get_service_requests(service_code=service["service_code"], status="open")
        assert (listed if ending == "json" else [listed]) == [single]
        token = requests.get(f"{reach.root_address}/tokens/{filed.code}.{ending}", timeout=20)
        [row] = read(token, ending)
        assert row == {"service_request_id": made["service_request_id"], "token": filed.code}

    def test_it_sees_errors_as_http_errors(self, town: Town, reach: GeoReport) -> None:
        """The client raises on an unknown service and number, and the list can be asked for by date."""
        for call in (reach.get_service_definition, reach.get_service_request):
            with pytest.raises(requests.HTTPError) as refused:
                call("999999")
            assert refused.value.response.status_code == 404
        filed = RequestFactory(need=NeedFactory(place=town.estate), filed_at=days_ago(200))
        found = reach.get_service_requests(start_date=days_ago(210).isoformat(), end_date=days_ago(190).isoformat())
        [only] = found if isinstance(found, list) else [found]
        assert only["service_request_id"] == str(filed.pk)


class TestErrors:
    """Every error is a list of code and description, in the format of the address."""

    @pytest.mark.parametrize(
        ("code", "change"),
        [
            (403, {"api_key": ""}),
            (403, {"api_key": "yt_aaaaaaaa_nosuchkey"}),
            (403, {"api_key": "yt_\x00_x"}),
            (400, {"service_code": ""}),
            (404, {"service_code": "987654"}),
            (404, {"service_code": "路灯"}),
            (400, {"address_string": ""}),
            (400, {"address_string": "", "lat": "39.8"}),
            (400, {"address_string": "", "lat": "NaN", "long": "110"}),
            (400, {"address_string": "", "lat": "91", "long": "110"}),
            (400, {"address_id": "987654"}),
            (400, {"phone": "12"}),
            (400, {"attribute[COLOUR]": "red"}),
            (400, {"attribute[KIND]": "987654"}),
            (400, {"description": "长" * 4_001}),
            (404, {"jurisdiction_id": "110101001000"}),
            (404, {"jurisdiction_id": "\x00"}),
        ],
    )
    def test_a_wrong_request_is_refused(
        self, client: Client, town: Town, ending: str, code: int, change: dict[str, str]
    ) -> None:
        """Nothing is stored of a refused request."""
        answer = client.post(f"{BASE}/requests.{ending}", posted(town, **change))
        assert answer.status_code == code
        [told] = read(answer, ending)
        assert (str(told["code"]), bool(told["description"])) == (str(code), True)
        assert not ServiceRequest.objects.exists()

    @pytest.mark.parametrize(
        ("code", "path"),
        [
            (404, "services/987654"),
            (404, "requests/987654"),
            (404, "requests/abc"),
            (404, "tokens/BCDFGHJKMNPQ"),
            (404, "services?jurisdiction_id=1"),
            (404, "requests?service_code=987654"),
            (400, "requests?status=finished"),
            (400, "requests?service_request_id=1,x"),
            (400, "requests?start_date=yesterday"),
            (400, "requests?start_date=2026-01-01T00:00:00"),
            (400, "requests?start_date=9999-12-31T00:00:00Z"),
            (400, "requests?end_date=0001-01-01T00:00:00Z"),
            (400, "requests?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z"),
            (400, "requests?page=0"),
            (400, "requests?page_size=many"),
        ],
    )
    def test_a_wrong_question_is_refused(self, client: Client, town: Town, ending: str, code: int, path: str) -> None:
        """Numbers, dates and codes are checked before anything is looked up."""
        name, mark, query = path.partition("?")
        answer = client.get(f"{BASE}/{name}.{ending}{mark}{query}")
        assert answer.status_code == code
        [told] = read(answer, ending)
        assert str(told["code"]) == str(code)

    def test_a_key_for_reading_cannot_file(self, client: Client, town: Town) -> None:
        """A key without the scope, and a revoked one, are refused."""
        answer = client.post(f"{BASE}/requests.xml", posted(town, api_key=town.key(TokenScope.READ)))
        assert answer.status_code == 403
        key = town.filing_key
        from_office = town.office.tokens.get(prefix=key.split("_")[1])
        token_revoke(by=STAFF, token=from_office, at=clock.now())
        assert client.post(f"{BASE}/requests.xml", posted(town, api_key=key)).status_code == 403

    def test_a_key_files_only_where_its_office_is(self, client: Client, town: Town) -> None:
        """Another community's address is not found, and its jurisdiction is refused."""
        there = client.post(f"{BASE}/requests.json", posted(town, address_id=str(town.there.pk)))
        assert there.status_code == 400
        other = client.post(f"{BASE}/requests.json", posted(town, jurisdiction_id=town.there.code))
        assert other.status_code == 403

    def test_a_method_that_is_not_there(self, client: Client, town: Town, ending: str) -> None:
        """The answer names the methods that are."""
        answer = client.put(f"{BASE}/requests.{ending}")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
        assert str(read(answer, ending)[0]["code"]) == "405"

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"x", "multipart/form-data"),
            (b"api_key=%ff", "application/x-www-form-urlencoded; charset=gb18030"),
            (b"&".join(b"a%d=1" % n for n in range(2_000)), "application/x-www-form-urlencoded"),
        ],
    )
    def test_a_body_that_is_no_form(self, client: Client, town: Town, body: bytes, kind: str) -> None:
        """A body that cannot be read is a 400 in the format of the address."""
        answer = client.generic("POST", f"{BASE}/requests.json", body, content_type=kind)
        assert answer.status_code in {400, 403}
        assert read(answer, "json")[0]["code"] == answer.status_code


class TestListing:
    """What the list shows, and what it keeps to itself."""

    def ids(self, client: Client, query: str = "") -> list[int]:
        answer = client.get(f"{BASE}/requests.json{query}")
        assert answer.status_code == 200, answer.content
        return [int(row["service_request_id"]) for row in answer.json()]

    def test_without_dates_it_is_ninety_days(self, client: Client, town: Town) -> None:
        """Older ones are there when they are asked for."""
        need = NeedFactory(place=town.estate)
        new = RequestFactory(need=need, filed_at=days_ago(89))
        old = RequestFactory(need=need, filed_at=days_ago(91))
        assert self.ids(client) == [new.pk]
        end = days_ago(80).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert self.ids(client, f"?end_date={end}") == [new.pk, old.pk]
        start = (days_ago(100)).isoformat(timespec="seconds").replace("+", "%2B")
        assert self.ids(client, f"?start_date={start}") == [new.pk, old.pk]

    def test_status_and_service_narrow_it(self, client: Client, town: Town) -> None:
        """Closed means judged or returned; the service is the one that staff sorted it into."""
        states = {}
        for state in (State.SORTED, State.DOING, State.CLOSED, State.RETURNED):
            need = NeedFactory(place=town.estate, state=state, category=town.kind)
            states[state] = RequestFactory(need=need, filed_at=days_ago(1)).pk
        other = RequestFactory(need=NeedFactory(place=town.estate), filed_at=days_ago(1)).pk
        assert set(self.ids(client, "?status=closed")) == {states[State.CLOSED], states[State.RETURNED]}
        assert set(self.ids(client, "?status=open")) == {states[State.SORTED], states[State.DOING], other}
        assert len(self.ids(client, "?status=open,closed")) == 5
        assert set(self.ids(client, f"?service_code={town.service.pk}")) == set(states.values())

    def test_numbers_override_the_rest(self, client: Client, town: Town) -> None:
        """Several numbers joined by commas, in the query or in the address."""
        need = NeedFactory(place=town.estate)
        one, two, _three = (RequestFactory(need=need, filed_at=days_ago(100 + n)) for n in range(3))
        assert self.ids(client, f"?service_request_id={one.pk},{two.pk}&status=closed") == [one.pk, two.pk]
        assert len(client.get(f"{BASE}/requests/{one.pk},{two.pk}.json").json()) == 2

    def test_pages_follow_one_another(self, client: Client, town: Town) -> None:
        """Every request is on exactly one page."""
        need = NeedFactory(place=town.estate)
        made = [RequestFactory(need=need, filed_at=days_ago(1)).pk for _ in range(5)]
        pages = [self.ids(client, f"?page={page}&page_size=2") for page in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        assert sorted(pk for page in pages for pk in page) == made

    def test_words_find_it(self, client: Client, town: Town) -> None:
        """Two characters are enough."""
        found = RequestFactory(need=NeedFactory(place=town.estate), text="喷泉坏了三天", filed_at=days_ago(1))
        RequestFactory(need=NeedFactory(place=town.estate), text="楼道堆满杂物", filed_at=days_ago(1))
        assert self.ids(client, "?q=喷泉") == [found.pk]

    def test_jurisdiction_narrows_it(self, client: Client, town: Town) -> None:
        """A division code leaves what lies elsewhere out."""
        here = RequestFactory(need=NeedFactory(place=town.estate), filed_at=days_ago(1))
        RequestFactory(need=NeedFactory(place=town.there), filed_at=days_ago(1))
        assert self.ids(client, f"?jurisdiction_id={town.here.code}") == [here.pk]

    def test_updated_after_sees_an_answer(self, client: Client, town: Town) -> None:
        """What was told of the need counts as an update of its requests, however old they are."""
        quiet, told = (say(text, town.estate, at=days_ago(120)) for text in ("路灯坏了", "下水堵了"))
        for filed in (quiet, told):
            need_sort(by=STAFF, need=filed.need, at=days_ago(110))
        assert self.ids(client) == []
        need_reply(by=STAFF, need=told.need, text="已经疏通", at=days_ago(2))
        since = days_ago(3).isoformat().replace("+", "%2B")
        assert self.ids(client, f"?updated_after={since}") == [told.pk]
        assert self.ids(client, f"?updated_before={since}") == [quiet.pk]
        [row] = client.get(f"{BASE}/requests/{told.pk}.json").json()
        assert parse_datetime(row["updated_datetime"]) > days_ago(3)
        [update] = client.get(f"{BASE}/servicerequestupdates.json").json()
        assert (update["service_request_id"], update["description"]) == (
            str(told.pk),
            "已经疏通",
        )

    def test_words_are_masked(self, client: Client, town: Town, ending: str) -> None:
        """A telephone number in the words is not shown."""
        need = public_need("找老王 13847712345，井盖丢了", town.estate, at=days_ago(1))
        answer = client.get(f"{BASE}/requests.{ending}")
        assert b"13847712345" not in answer.content
        assert read(answer, ending)[0]["description"] == shown_words(need.requests.get().text)

    def test_names_and_numbers_of_the_caller_are_sealed(self, client: Client, town: Town) -> None:
        """They are stored encrypted, and shown nowhere."""
        fields = posted(town, first_name="秀英", last_name="王", phone="138 4771 2345", device_id="phone-7")
        made = client.post(f"{BASE}/requests.json", fields).json()[0]
        filed = ServiceRequest.objects.get(pk=made["service_request_id"])
        need_sort(by=STAFF, need=filed.need, at=clock.now())
        record = PersonalRecord.objects.get(person=filed.person)
        assert "王秀英" not in record.name
        shown = client.get(f"{BASE}/requests/{filed.pk}.xml?extensions=true").content.decode()
        assert not [secret for secret in ("秀英", "138 4771", "phone-7") if secret in shown]

    def test_coordinates_are_coarsened(self, client: Client, town: Town) -> None:
        """Four digits behind the point, and the nearest place of the office."""
        fields = posted(town, address_string="", lat="39.8123456", long="110.0012345")
        made = client.post(f"{BASE}/requests.json", fields).json()[0]
        filed = ServiceRequest.objects.get(pk=made["service_request_id"])
        assert filed.place == town.estate
        need_sort(by=STAFF, need=filed.need, at=clock.now())
        [row] = client.get(f"{BASE}/requests/{filed.pk}.json").json()
        assert (row["lat"], row["long"]) == (39.8123, 110.0012)

    def test_what_nobody_sorted_has_no_words(self, client: Client, town: Town, ending: str) -> None:
        """It is not listed; by its number it has a state and neither words nor place."""
        filed = say("王大妈家暖气不热", town.building, latitude=39, longitude=110, at=days_ago(1))
        assert read(client.get(f"{BASE}/requests.{ending}"), ending) == []
        [row] = read(client.get(f"{BASE}/requests/{filed.pk}.{ending}"), ending)
        assert row["status"] == "open"
        hidden = ("description", "address", "address_id", "lat", "long", "media_url")
        assert not any(row[name] for name in hidden)

    def test_erased_words_are_gone(self, client: Client, town: Town) -> None:
        """An erased request leaves the list, and its number tells no words."""
        filed = say("我家漏水", town.estate, at=days_ago(1))
        need_sort(by=STAFF, need=filed.need, at=clock.now())
        request_erase(by=STAFF, request=filed, at=clock.now())
        assert self.ids(client) == []
        assert client.get(f"{BASE}/requests/{filed.pk}.json").json()[0]["description"] == ""

    def test_finer_states_are_an_extension(self, client: Client, town: Town) -> None:
        """They come only when they are asked for, and link to the need."""
        need = public_need("想要一个乘凉的亭子", town.estate, at=days_ago(1))
        plain, more = (client.get(f"{BASE}/requests.json{query}").json()[0] for query in ("", "?extensions=true"))
        assert "extended_attributes" not in plain
        assert more["extended_attributes"]["detailed_status"] == "sorted"
        assert more["extended_attributes"]["need_url"] == f"http://testserver/needs/{need.code}/"
        xml = client.get(f"{BASE}/requests.xml?extensions=true").content
        assert xmltodict.parse(xml)["service_requests"]["request"]["extended_attributes"]["people"] == "1"

    @pytest.mark.parametrize("query", ["", "?extensions=true", "?q=路灯"])
    def test_queries_do_not_grow(
        self, client: Client, town: Town, django_assert_max_num_queries: Any, query: str
    ) -> None:
        """Thirty requests take no more queries than three."""
        for count in (3, 27):
            for _ in range(count):
                RequestFactory(need=NeedFactory(place=town.estate), text="路灯", filed_at=days_ago(1))
            with django_assert_max_num_queries(4):
                assert self.ids(client, query)


class TestDocuments:
    """Form of the answers: the published schemas, the real answers of cities, and XML that parses."""

    def test_answers_fit_the_published_schemas(self, client: Client, town: Town, shared_data: pathlib.Path) -> None:
        """The JSON answers fit the schemas of the Open311 community."""
        folder = shared_data / "open311" / "schemas"
        document = yaml.safe_load((folder / "georeport_v2-1.yaml").read_text(encoding="utf-8"))
        filed = client.post(f"{BASE}/requests.json", posted(town)).json()
        need_sort(by=STAFF, need=ServiceRequest.objects.get().need, at=clock.now())
        RequestFactory(need=NeedFactory(place=town.there), filed_at=days_ago(3), latitude=39, longitude=110)
        requests_ = client.get(f"{BASE}/requests.json?extensions=true").json()
        definition = client.get(f"{BASE}/services/{town.service.pk}.json").json()
        assert len(requests_) == 2
        for name, values in (
            ("Service", client.get(f"{BASE}/services.json").json()),
            ("ServiceDefinition", [definition]),
            # the draft's schema has no null, which the community's own schema below allows
            ("Request", [{k: v for k, v in row.items() if v is not None} for row in requests_]),
            ("RequestResponse", [{k: v for k, v in row.items() if v is not None} for row in filed]),
        ):
            schema = {"$ref": f"#/definitions/{name}", "definitions": document["definitions"]}
            for value in values:
                jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())
        for name, values in (("request", requests_), ("service-definition", [definition])):
            schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for value in values:
                jsonschema.validate(value, schema)

    @pytest.mark.parametrize(
        ("city", "path", "item"),
        [
            ("helsinki/services.xml", "services.xml", "service"),
            ("chicago-toronto-giessen/requests_many.xml", "requests.xml", "request"),
            ("sf/request_id_from_token.xml", "tokens/{code}.xml", "request"),
            ("sf/get_service_request_not_found.xml", "requests/987654.xml", "error"),
        ],
    )
    def test_xml_has_the_elements_that_cities_send(
        self, client: Client, town: Town, shared_data: pathlib.Path, city: str, path: str, item: str
    ) -> None:
        """Whatever element a city's real answer has, ours has under the same names."""
        public_need("路灯坏了", town.estate, at=days_ago(1))
        code = ServiceRequest.objects.get().code
        theirs = ElementTree.parse(shared_data / "open311" / "responses" / city).getroot()
        ours = ElementTree.fromstring(client.get(f"{BASE}/{path.format(code=code)}").content)
        assert ours.tag == theirs.tag
        names = [{leaf.tag for leaf in root.find(item)} for root in (theirs, ours)]
        assert names[0] <= names[1]

    def test_an_address_without_ending_is_xml(self, client: Client, town: Town) -> None:
        """XML is the required format."""
        assert client.get(f"{BASE}/services").headers["Content-Type"] == "text/xml; charset=utf-8"
        discovery = xmltodict.parse(client.get(f"{BASE}/discovery.xml").content)["discovery"]
        assert discovery["endpoints"]["endpoint"]["url"] == f"http://testserver{BASE}/"

    def test_times_carry_an_offset(self, client: Client, town: Town) -> None:
        """A time without one would be anybody's guess."""
        public_need("路灯坏了", town.estate, category=town.kind, at=days_ago(1))
        [row] = client.get(f"{BASE}/requests.json").json()
        for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
            told = parse_datetime(row[name])
            assert told is not None
            assert told.tzinfo is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=200) | st.text(alphabet=AWKWARD, max_size=40))
@example("<script>alert('1')</script> ]]> & 😀👨‍👩‍👧 \x00\x0b\ufffe 管道")
@example("x" * 4_001)
@example("\u202e反着写\u2066的字")
def test_any_description_comes_back_or_is_refused(client: Client, town: Town, words: str) -> None:
    """What was said comes back in both formats as a public page shows it, or nothing was stored."""
    before = ServiceRequest.objects.count()
    answer = client.post(f"{BASE}/requests.json", posted(town, description=words))
    if answer.status_code != 201:
        assert answer.status_code == 400
        assert answer.json()[0]["description"]
        assert ServiceRequest.objects.count() == before
        return
    filed = ServiceRequest.objects.select_related("need", "person").get(pk=answer.json()[0]["service_request_id"])
    need_sort(by=STAFF, need=filed.need, at=clock.now())
    kept = shown_words(text_clean(words)) or shown_words(filed.title)
    as_json = read(client.get(f"{BASE}/requests/{filed.pk}.json"), "json")[0]["description"]
    as_xml = read(client.get(f"{BASE}/requests/{filed.pk}.xml"), "xml")[0]["description"]
    assert as_json == kept
    assert (as_xml or "") == kept


def test_two_requests_of_one_device_are_one_voice(client: Client, town: Town) -> None:
    """A device that files twice is one person; one that says nothing of itself is a new one each time."""
    for device in ("a", "a", "", ""):
        assert client.post(f"{BASE}/requests.json", posted(town, device_id=device)).status_code == 201
    persons = list(ServiceRequest.objects.order_by("id").values_list("person", flat=True))
    assert persons[0] == persons[1]
    assert len(set(persons)) == 3
    assert PersonFactory().pk not in persons
