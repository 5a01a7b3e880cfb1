"""Who helps a need: what is promised and what came, and what is still asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from yiting.alliances.models import Ask, Match
from yiting.alliances.queries.pooling.rows import ASK_RELATED, MATCH_RELATED, AskRow, MatchRow, ask_row, match_row
from yiting.needs.models import Need
from yiting.people.actors import RESIDENT


@dataclass(frozen=True, slots=True)
class Helps:
    """What organisations do for a need, the latest first, and what is still lacking."""

    matches: tuple[MatchRow, ...]
    asks: tuple[AskRow, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Who helps, each once."""
        return tuple(dict.fromkeys(row.offer.unit for row in self.matches))


def helps_for_need(need: Need) -> Helps:
    """Return who helps a need, merged ones and its project included, as everybody may see it. Three queries."""
    root = need.root_id or need.pk
    asked = Q(need__root=root) | Q(project__serves__need__root=root, project__serves__ended_at__isnull=True)
    asks = Ask.objects.filter(asked)
    states = (Match.State.CONFIRMED, Match.State.DELIVERED)
    matches = Match.objects.filter(ask__in=asks.values("pk"), state__in=states).select_related(*MATCH_RELATED)
    lacking = Ask.objects.filter(pk__in=asks.values("pk"), state=Ask.State.OPEN, promised__lt=F("amount"))
    return Helps(
        matches=tuple(
            match_row(one, RESIDENT) for one in matches.prefetch_related("days").order_by("-confirmed_at", "-pk")
        ),
        asks=tuple(ask_row(one) for one in lacking.select_related(*ASK_RELATED).order_by("-pk")),
    )
