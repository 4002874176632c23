"""Titles of the made-up entries: subjects that a county's units really deal with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.units import Unit

TOPICS = {
    "zhengfuban": (
        "县政府工作报告重点任务",
        "政务公开标准化规范化",
        "政府网站集约化建设",
        "人大代表建议和政协提案办理",
    ),
    "fagai": ("重点项目建设", "粮食收储", "农产品成本调查", "新能源汽车充电设施布局"),
    "shangwu": ("外贸稳规模优结构", "消费券发放", "电子商务进农村", "成品油零售管理"),
    "guozi": ("县属国有企业改革", "国有资产租赁管理", "国有企业负责人薪酬", "国有资产盘活"),
    "gongxin": ("工业企业技术改造", "中小企业数字化转型", "惠企政策兑现", "绿色工厂培育"),
    "jinrong": ("小微企业融资", "防范非法集资", "企业上市培育", "农业保险保费补贴"),
    "caizheng": ("财政预决算", "惠民惠农财政补贴", "政府采购监管", "政府债务管理"),
    "keji": ("高新技术企业培育", "科技型中小企业入库", "研发投入后补助", "科技成果转化"),
    "renshe": ("城镇新增就业", "城乡公益性岗位", "职业技能培训补贴", "创业担保贷款"),
    "tuiyi": ("退役军人就业创业", "优抚对象抚恤补助", "烈士纪念设施管护", "双拥工作"),
    "jiaoti": ("义务教育招生入学", "校外培训机构治理", "学生资助", "全民健身设施建设"),
    "minzheng": ("城乡低保标准", "养老服务补贴", "殡葬服务收费", "孤困儿童生活保障"),
    "zhujian": ("老旧小区改造", "保障性租赁住房", "城镇燃气安全", "建筑市场监管"),
    "weijian": ("家庭医生签约服务", "托育机构建设", "公共场所卫生监督", "计划生育奖励扶助"),
    "shuiwu": ("农村饮水安全", "河长制工作", "水资源费征收", "防汛抗旱"),
    "jiaotong": ("农村公路养护", "城乡公交一体化", "道路运输安全", "超限超载治理"),
    "wenlv": ("公共文化服务", "旅游景区质量提升", "非物质文化遗产保护", "文化市场监管"),
    "ziran": ("土地征收", "国土空间规划", "不动产登记", "耕地保护"),
    "nongye": ("高标准农田建设", "大蒜产业发展", "农机购置补贴", "农村人居环境整治"),
    "touzi": ("招商引资项目", "投资服务", "重点产业链招商", "项目落地保障"),
    "shengtai": ("环境空气质量", "建设项目环评审批", "入河排污口整治", "重污染天气应急"),
    "yibao": ("居民基本医疗保险", "药品集中采购", "医疗救助", "医保基金监管"),
    "yingji": ("安全生产执法检查", "应急预案管理", "救灾物资储备", "危险化学品监管"),
    "gongan": ("户籍办理", "道路交通安全", "反电信网络诈骗", "养犬管理"),
    "sifa": ("行政规范性文件管理", "法律援助", "行政复议", "人民调解"),
    "shehui-zhili": ("12345热线办理", "网格化服务管理", "矛盾纠纷多元化解", "社会治理创新"),
    "shenpi": ("一件事一次办", "企业开办便利化", "工程建设项目审批", "政务服务大厅管理"),
    "zonghe-zhifa": ("市容环境整治", "违法建设治理", "户外广告设置", "渣土运输管理"),
}
"""The topics of the departments."""

TOWN_TOPICS = (
    "农村低保审核确认",
    "村级财务公开",
    "宅基地审批",
    "土地承包经营权流转",
    "农村厕所改造",
    "秸秆禁烧",
    "惠农补贴发放",
    "农田水利设施管护",
)
"""The topics of towns and subdistricts."""

INFORMATION = (
    "{topic}工作动态",
    "{topic}情况公示",
    "{topic}办事指南",
    "{topic}补助资金发放明细",
    "{topic}监督检查结果",
    "{topic}月度进展情况",
    "{topic}名单公示",
    "{topic}有关问题解答",
)
DECISIONS = ("{topic}实施方案", "{topic}管理办法", "{topic}三年行动计划", "{topic}资金分配方案", "{topic}专项规划")
POLICIES = ("关于加强{topic}工作的意见", "{topic}若干措施", "{topic}实施细则", "关于做好{topic}工作的通知")
REQUESTS = ("{topic}相关文件", "{topic}资金使用情况", "{topic}名单", "{topic}批复文件及附件")
OPINIONS = ("网民反映{topic}问题", "短视频平台关于{topic}的讨论", "论坛发帖咨询{topic}进展")


def topics_of(unit: Unit) -> tuple[str, ...]:
    """Return what a unit deals with."""
    return TOPICS.get(unit.id, TOWN_TOPICS)


def short_name(unit: Unit) -> str:
    """Return a unit's name as it stands in its document numbers: 民政, 羊山."""
    return unit.name.removeprefix("县").removesuffix("街道")[:2]


def document_number(unit: Unit, sort: str, number: int, year: int = 2023) -> str:
    """Return a document number such as 金民政发〔2023〕3号; `sort` is 发, 决, 公开 or 依申."""
    return f"金{short_name(unit)}{sort}〔{year}〕{number}号"
