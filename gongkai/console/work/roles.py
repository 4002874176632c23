"""The table of roles as a page of the handbook, made from `access.yaml`: what stands there is what is checked."""

from __future__ import annotations

from gongkai.console.access import Grant, grants
from gongkai.console.models.notices import NOTICE_STATES
from gongkai.console.models.objections import OBJECTION_STATES
from gongkai.console.models.people import ROLES
from gongkai.console.models.rectification import RECTIFICATION_STATES
from gongkai.console.models.runs import RUN_STATES
from gongkai.console.models.submissions import STATES

_SCOPES = {"own": "本单位", "all": "全部", "county-review": "由县里审核的单位"}
_CONDITIONS = {"other-hand": "不是自己写的", "no-interest": "没有利害关系"}
STATE_NAMES = {**OBJECTION_STATES, **NOTICE_STATES, **RECTIFICATION_STATES, **RUN_STATES, **STATES}
OBJECTS = {
    "submission": "登记单",
    "entry": "已入账的记录",
    "unit": "单位的事项",
    "request": "申请",
    "county": "全县",
    "run": "运行",
    "assessment": "评定",
    "objection": "异议",
    "rectification": "整改",
    "notice": "通知",
    "setting": "设置",
    "city": "各县",
    "people": "人员",
    "audit": "操作记录",
    "health": "运行状况",
}
ACTIONS = {
    "view": "看",
    "create": "登记",
    "edit": "修改",
    "submit": "提交",
    "discard": "作废",
    "approve": "同意",
    "return": "退回",
    "correct": "更正、撤回",
    "figures": "看件数",
    "step": "下一步",
    "remind": "催报",
    "make": "发起",
    "cancel": "取消",
    "whole": "看全县的报告",
    "publish": "公布",
    "write": "评",
    "draft": "起草",
    "opinion": "提意见",
    "decide": "处理",
    "prepare": "起草",
    "order": "下达",
    "fill": "填报",
    "send": "发出",
    "sign": "签收",
    "propose": "提议",
    "manage": "管理",
    "all": "看全部",
    "logins": "看登录和人员",
    "verify": "校验账本",
}


def role_table() -> str:
    """Return the table in Markdown: an action a line, a role a column."""
    lines = [f"| 对象 · 操作 | {' | '.join(ROLES.values())} |", "|---" * (len(ROLES) + 1) + "|"]
    for action, found in sorted(grants().items(), key=lambda one: _place(one[0])):
        thing, _, verb = action.partition(".")
        cells = []
        for role in ROLES:
            own = [one for one in found if one.role == role]
            cells.append("；".join(dict.fromkeys(map(_said, own))) if own else "–")
        lines.append(f"| {OBJECTS.get(thing, thing)} · {ACTIONS.get(verb, verb)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _place(action: str) -> tuple[int, int]:
    thing, _, verb = action.partition(".")
    order, verbs = list(OBJECTS), list(ACTIONS)
    return (
        order.index(thing) if thing in order else len(order),
        verbs.index(verb) if verb in verbs else len(verbs),
    )


def _said(grant: Grant) -> str:
    """Return one cell: of which objects, on which conditions, in which states."""
    words = [_SCOPES[grant.scope], *(_CONDITIONS[one] for one in grant.conditions)]
    states = [STATE_NAMES.get(one, one) for one in sorted(grant.states or ())]
    return "，".join(words) + (f"（{' / '.join(states)}）" if states else "")
