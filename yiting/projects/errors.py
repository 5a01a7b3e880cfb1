"""Named refusals of the projects module."""

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class ProjectsRefused(Refused):
    """Base of the refusals about projects."""


class ProjectMissing(ProjectsRefused):
    """No such project, or not the asker's to change."""

    message = _("There is no such project, or it is not yours to change.")
    status = 404


class StageNotPossible(ProjectsRefused):
    """An illegal change of stage."""

    message = _("A project that is “%(stage)s” cannot become “%(target)s”.")
    status = 409


class NeedElsewhere(ProjectsRefused):
    """A need of a place the project does not reach."""

    message = _("“%(title)s” is not in the place of this project. Choose a place that holds both.")


class NeedTaken(ProjectsRefused):
    """A need that another project serves already."""

    message = _("“%(title)s” is already served by the project “%(project)s”.")
    status = 409


class NoNeedGiven(ProjectsRefused):
    """A project that serves nobody's need."""

    message = _("A project must serve at least one need. Choose which one.")


class TitleMissing(ProjectsRefused):
    """A project or step without a title."""

    message = _("Give it a title of at most %(limit)s characters.")


class MoneyUnreadable(ProjectsRefused):
    """An amount that cannot be."""

    message = _("“%(amount)s” is not an amount of money. Write yuan, for example 120000 or 120000.50.")


class ReasonMissing(ProjectsRefused):
    """A decision without its reason."""

    message = _("Please write a sentence that the residents will understand.")


class NotFinishedYet(ProjectsRefused):
    """A judgement before the project is finished."""

    message = _("This project is not finished yet; it can be judged when it is.")
    status = 409


class NotFromHere(ProjectsRefused):
    """A judgement by somebody who neither asked nor lives there."""

    message = _(
        "Those who asked for it and those who live there judge this project. Say in which building you live, "
        "or use your receipt."
    )
    status = 403


class ChangedMeanwhile(ProjectsRefused):
    """Two people at the same project: the second is told."""

    message = _("Somebody else has just changed this project. Nothing of theirs was overwritten; look at it again.")
    status = 409


class PhotoRefused(ProjectsRefused):
    """A file that is not a photo we can show."""

    message = _("“%(name)s” cannot be read as a photo. Send a JPEG, PNG or WebP picture of at most 20 MB.")


class CaptionMissing(ProjectsRefused):
    """A photo without words."""

    message = _("Say in a few words what the photo shows, for those who cannot see it.")


class VerdictMissing(ProjectsRefused):
    """A judgement that is none of the three."""

    message = _("Tap one of the three: solved, partly or not solved.")


class ReceiptElsewhere(ProjectsRefused):
    """A receipt for something that this project does not serve."""

    message = _("This receipt belongs to another matter. Check the number, or say in which building you live.")


class FinishedAlready(ProjectsRefused):
    """A need put into a project whose work is over."""

    message = _("“%(title)s” is finished or given up, so it takes no further needs. Propose a new project for them.")
    status = 409
