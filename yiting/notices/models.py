"""The table of notices: the outbox and the inbox in one. It names people by their keys only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

KEY_LIMIT = 200
TOPIC_LIMIT = 120
SUBJECT_LIMIT = 200
LINK_LIMIT = 300


class Channel(models.TextChoices):
    """The way a notice goes."""

    INBOX = "inbox", _("Inbox")
    SMS = "sms", _("Text message")
    MAIL = "mail", _("Mail")


class State(models.TextChoices):
    """What became of a notice. A merged one travelled inside a newer one about the same matter."""

    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    READ = "read", _("Read")
    MERGED = "merged", _("Merged into a newer one")


class Failure(models.TextChoices):
    """Why a notice could not be sent, without a word that a sender may have quoted from it."""

    NO_ADDRESS = "no_address", _("No phone number or mail address to send to")
    SENDER = "sender", _("The sending service did not take it")


class Notice(models.Model):
    """One message to one recipient by one channel. `key` makes it happen once, `topic` names its object.

    `bundle` names channel, recipient and topic together: notices of one bundle are merged into their newest.
    `lease` is the mark of the worker that is sending it now; after `lease_until` another may take it.
    """

    key = models.CharField(_("key"), max_length=KEY_LIMIT)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        db_index=False,
    )
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    topic = models.CharField(_("topic"), max_length=TOPIC_LIMIT, blank=True, default="")
    bundle = models.CharField(_("bundle"), max_length=TOPIC_LIMIT + 40, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LIMIT)
    body = models.TextField(_("text"), blank=True, default="")
    link = models.CharField(_("link"), max_length=LINK_LIMIT, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    failure = models.CharField(_("failure"), max_length=12, choices=Failure.choices, blank=True, default="")
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    lease = models.UUIDField(_("lease"), null=True, blank=True, db_index=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    next_try_at = models.DateTimeField(_("next try at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="notices_key_once_a_channel"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="notices_state_known"),
            models.CheckConstraint(
                condition=Q(channel=Channel.SMS, person__isnull=False)
                | Q(channel__in=[Channel.INBOX, Channel.MAIL], account__isnull=False),
                name="notices_recipient_fits_channel",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT, State.READ]) | Q(sent_at__isnull=False),
                name="notices_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.READ, read_at__isnull=False) | (~Q(state=State.READ) & Q(read_at__isnull=True)),
                name="notices_read_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False),
                name="notices_merged_has_newer",
            ),
            models.CheckConstraint(condition=Q(state=State.FAILED) | Q(failure=""), name="notices_failure_has_reason"),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state=State.WAITING), name="notices_waiting"),
            models.Index(fields=["account", "channel", "state", "-created_at", "-id"], name="notices_inbox"),
            models.Index(fields=["bundle", "state"], condition=~Q(bundle=""), name="notices_bundle"),
            models.Index(fields=["-created_at", "-id"], condition=Q(state=State.FAILED), name="notices_failed"),
        ]
