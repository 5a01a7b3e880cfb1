"""The text that leaves the house. It is made of the notice alone: nobody's name is at hand."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from yiting.notices.models import Notice

TEXT_LIMIT = 500


def compose(notices: Sequence[Notice], *, public_url: str) -> str:
    """One text for notices about the same matter, given newest first; older ones keep their subject lines.

    What does not fit the length of a text message is counted instead of listed; the link leads to all of it.
    A site that does not know its own address sends no link: a bare path would lead nowhere.
    """
    newest, *older = notices
    link = f"{public_url}{newest.link}" if public_url and newest.link else ""
    head = [line for line in (newest.subject, newest.body) if line]
    room = TEXT_LIMIT - len(link) - sum(len(line) + 1 for line in head)
    listed: list[str] = []
    for notice in older:
        line = f"· {notice.subject}"
        room -= len(line) + 1
        if room < 0:
            break
        listed.append(line)
    unlisted = len(older) - len(listed)
    if unlisted:
        more = ngettext("and %(count)s earlier message", "and %(count)s earlier messages", unlisted)
        listed.append(more % {"count": unlisted})
    return "\n".join([*head, *listed, *([link] if link else [])])
