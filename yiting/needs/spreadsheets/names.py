"""The names that offices write above their columns, for each field."""

from collections.abc import Mapping
from typing import Final


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The surest first: when two columns claim one field, the surer name wins.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "external_id": _names(
        """
        留言编号 工单编号 工单号 诉求编号 信件编号 来信编号 事项编号 受理编号 受理号 流水号 案件编号 编号
        id external_id request_id service_request_id ticket_id ticket case_id message_id number no no.
        序号
        """
    ),
    "user": _names(
        """
        留言用户 用户 留言人 诉求人 来电人 来信人 投诉人 反映人 提交人 用户名 用户id 用户编号 网友 昵称
        user username user_id author reporter submitter
        """
    ),
    "title": _names(
        """
        留言主题 留言标题 诉求主题 诉求标题 工单标题 工单主题 信件标题 来信标题 信件主题 事项标题 事项名称
        问题标题 主题 标题 事项 title subject summary headline
        """
    ),
    "filed_at": _names(
        """
        留言时间 留言日期 诉求时间 来电时间 来信时间 受理时间 受理日期 登记时间 登记日期 提交时间 提交日期
        反映时间 反映日期 发布时间 创建时间 创建日期 来电日期 来信日期 时间 日期 filed_at created_at
        created requested_datetime submitted_at received_at timestamp datetime time date
        """
    ),
    "text": _names(
        """
        留言详情 留言内容 诉求内容 诉求详情 诉求描述 反映内容 来电内容 来信内容 信件内容 工单内容 投诉内容
        建议内容 问题描述 事项描述 事项内容 主要内容 具体内容 详细内容 内容 详情 描述 正文 诉求 留言 问题
        text content details detail message description body request
        """
    ),
    "category": _names(
        """
        一级分类 一级标签 一级类别 一级类目 分类 类别 标签 诉求分类 诉求类别 诉求类型 事项分类 事项类别
        问题分类 问题类别 问题类型 工单类型 留言类型 类型 category1 category category_1 service_name topic
        label type
        """
    ),
    "category2": _names("二级分类 二级标签 二级类别 二级类目 category2 subcategory"),
    "category3": _names("三级分类 三级标签 三级类别 三级类目 category3 subsubcategory"),
    "supports": _names(
        """
        点赞数 点赞 点赞量 获赞数 赞成数 赞同数 支持数 附议数 附议人数 支持 附议 赞 likes like upvotes
        upvote supports supporters support_count thumbs_up
        """
    ),
    "objections": _names(
        """
        反对数 反对 反对量 点踩数 点踩 踩 不支持数 dislikes dislike downvotes downvote objections
        thumbs_down
        """
    ),
    "reply": _names(
        """
        答复意见 答复内容 回复内容 回复意见 答复 回复 办理结果 处理结果 办理意见 处理意见 办理情况
        处理情况 reply answer response resolution status_notes
        """
    ),
    "replied_at": _names(
        """
        答复时间 答复日期 回复时间 回复日期 办结时间 办结日期 办理时间 replied_at reply_time reply_date
        answered_at answer_time answer_date response_time resolved_at
        """
    ),
    "place": _names(
        """
        所属社区 社区 社区名称 村社区 村居 村(社区) 所在社区 所属街道 街道 乡镇街道 镇街 所属区域 所在区域
        区域 所属地区 地区 区县 属地 行政区划 区划代码 地点 地址 事发地点 事发地址 诉求地址 位置 place
        community place_code district area location address
        """
    ),
    "estate": _names("小区 小区名称 所属小区 所在小区 住宅小区 楼盘 estate compound neighbourhood neighborhood"),
    "building": _names("楼栋 楼栋号 楼号 楼幢 栋号 幢号 楼 栋 building building_no block"),
    "phone": _names(
        """
        联系电话 联系方式 电话 电话号码 手机号 手机号码 手机 来电号码 联系人电话 phone phone_number mobile
        tel telephone
        """
    ),
    "name": _names("姓名 真实姓名 联系人 联系人姓名 来电人姓名 诉求人姓名 居民姓名 name full_name contact_name"),
    "channel": _names("渠道 来源 来源渠道 诉求来源 工单来源 受理渠道 反映渠道 来信渠道 channel"),
}
