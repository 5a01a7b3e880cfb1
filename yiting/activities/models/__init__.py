"""Tables of the activities module; constraints only, no rules."""

from yiting.activities.models.activity import Activity, Host, Kind, Series
from yiting.activities.models.coming import CheckIn, Feedback, FeedLink, SignUp
from yiting.activities.models.showing import ActivityPhoto, Material

__all__ = [
    "Activity",
    "ActivityPhoto",
    "CheckIn",
    "FeedLink",
    "Feedback",
    "Host",
    "Kind",
    "Material",
    "Series",
    "SignUp",
]
