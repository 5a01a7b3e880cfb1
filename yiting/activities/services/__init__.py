"""Every write of the activities module, one function a use case."""

from yiting.activities.services.coming import check_in, sign_up, sign_up_withdraw
from yiting.activities.services.kinds import kind_add, kind_rename, kinds_set_up
from yiting.activities.services.planning import activity_cancel, activity_change, activity_plan, activity_report
from yiting.activities.services.plans import Plan, plan_of
from yiting.activities.services.saying import coming_forget, feed_link_renew, feed_link_revoke, feedback_give
from yiting.activities.services.series import series_cancel, series_change, series_plan
from yiting.activities.services.showing import activity_photo_add, material_add, material_remove

__all__ = [
    "Plan",
    "activity_cancel",
    "activity_change",
    "activity_photo_add",
    "activity_plan",
    "activity_report",
    "check_in",
    "coming_forget",
    "feed_link_renew",
    "feed_link_revoke",
    "feedback_give",
    "kind_add",
    "kind_rename",
    "kinds_set_up",
    "material_add",
    "material_remove",
    "plan_of",
    "series_cancel",
    "series_change",
    "series_plan",
    "sign_up",
    "sign_up_withdraw",
]
