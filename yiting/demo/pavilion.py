"""The story of the page: the need for shade becomes the pavilion, and the residents judge it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yiting.demo import facts
from yiting.demo.pictures import draw_after, draw_before
from yiting.demo.scene import Scene
from yiting.needs.models import Need
from yiting.people.actors import RESIDENT
from yiting.projects.models import Project
from yiting.projects.queries import list_people_who_asked
from yiting.projects.services import (
    evaluation_give,
    milestone_set,
    project_choose,
    project_deliver,
    project_open,
    project_photo_add,
    project_start,
    visit_record,
)

ZONE = ZoneInfo("Asia/Shanghai")
# The page gives no days but the middle of May; these order the story and are shown as the demo's own.
PROPOSED = datetime(2024, 4, 15, 9, tzinfo=ZONE)
WORDS = (
    ("solved", "下楼有地方坐了，夏天不晒，下雨不淋。（示例）"),
    ("solved", "天天跟老伙计下棋，亭子我们自己看着。（示例）"),
    ("solved", "反诈宣传、义诊都在这儿，不用跑远。（示例）"),
    ("solved", ""),
    ("partly", "晚上没灯，天黑了就看不见。（示例）"),
    ("solved", "孩子写作业有个凉快地方。（示例）"),
    ("solved", ""),
    ("partly", "凳子少了点。（示例）"),
    ("solved", "开小区议事会也在这儿，说话方便。（示例）"),
    ("not", "离4号楼远，腿脚不好的走不过去。（示例）"),
    ("solved", ""),
)


def play_pavilion(scene: Scene, need: Need) -> Project:
    """Play the need through proposal, visits, choice, building, delivery and judgement."""
    street, worker, deputy = (scene.actors[name] for name in ("jiedao", "shequ", "daibiao"))
    office, community = scene.organisations[facts.STREET_OFFICE], scene.organisations[facts.COMMUNITY]
    project = project_open(
        by=street,
        from_needs=[need],
        title=facts.PROJECT,
        year=facts.PROJECT_YEAR,
        place=scene.estate,
        purpose=facts.PROJECT_PURPOSE,
        lead=office,
        at=PROPOSED,
    )
    for i, findings in enumerate(
        (
            "街道、社区到小区实地看，没有遮阴避雨的地方。",
            "社区在小区里征求居民意见。",
        ),
    ):
        visit_record(
            by=worker,
            project=project,
            organisations=[office, community],
            findings=findings,
            at=PROPOSED + timedelta(hours=1 + i),
        )
    visit_record(
        by=deputy,
        project=project,
        organisations=[office, community],
        with_deputies=True,
        findings="街道组织人大代表实地走访。",
        at=PROPOSED + timedelta(hours=4),
    )
    project_photo_add(
        by=worker,
        project=project,
        kind="before",
        name="before.png",
        data=draw_before(),
        caption="示意图：空地上只有太阳，没有坐处",
        at=PROPOSED + timedelta(hours=5),
    )
    project_choose(by=street, project=project, at=PROPOSED + timedelta(days=1))
    milestone_set(
        by=street,
        project=project,
        title="列入2024年民生实事项目",
        done_when="2024年",
        at=PROPOSED + timedelta(days=1),
    )
    project_start(by=street, project=project, at=PROPOSED + timedelta(days=2))
    milestone_set(
        by=street,
        project=project,
        title="议事亭建成",
        done_when=facts.FINISHED,
        at=datetime(2024, 5, 20, 10, tzinfo=ZONE),
    )
    project_deliver(by=street, project=project, when=facts.FINISHED, at=datetime(2024, 5, 20, 10, tzinfo=ZONE))
    project_photo_add(
        by=worker,
        project=project,
        kind="after",
        name="after.png",
        data=draw_after(),
        caption="示意图：建成的居民议事亭，有人坐着说话",
        at=datetime(2024, 5, 20, 11, tzinfo=ZONE),
    )
    people = list_people_who_asked(project)
    for i, (verdict, word) in enumerate(WORDS):
        evaluation_give(
            by=RESIDENT,
            project=project,
            person=people[i],
            verdict=verdict,
            word=word,
            at=datetime(2024, 5, 21, 9, tzinfo=ZONE) + timedelta(hours=7 * i),
        )
    return project
