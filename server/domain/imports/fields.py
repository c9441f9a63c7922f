"""What a list may say: the fields of each kind, and the headings by which they are usually called."""

import unicodedata
from collections.abc import Sequence

import msgspec

from server.database import Words
from server.domain.refusals import N_

PROSPECTS, MODELS, JOBS, PARTS = "prospects", "models", "jobs", "parts"
KINDS: dict[str, str] = {
    PROSPECTS: N_("Prospects"), MODELS: N_("Car models"), JOBS: N_("Jobs of the workshop"), PARTS: N_("Parts"),
}  # fmt: skip


class Field(msgspec.Struct, frozen=True):
    """One thing that a column can hold; `also` are other headings for it."""

    code: str
    name: Words
    also: Sequence[str] = ()
    required: bool = False


def _field(code: str, zh: str, en: str, also: str = "", *, required: bool = False) -> Field:
    return Field(code, {"zh": zh, "en": en}, also.split(), required)


FIELDS: dict[str, Sequence[Field]] = {
    PROSPECTS: (
        _field("name", "客户姓名", "Customer's name", "姓名 客户 客户名称 名字 name customer", required=True),
        _field(
            "phone",
            "电话",
            "Telephone",
            "手机 手机号 手机号码 联系电话 电话号码 联系方式 phone mobile tel",
            required=True,
        ),
        _field("grade", "级别", "Grade", "意向级别 客户级别 等级 意向等级 level"),
        _field(
            "expected_on", "预计购车日期", "Means to buy by", "预计购车时间 预购日期 预计成交日期 购车时间 expected"
        ),
        _field("source", "来源", "Source", "来源渠道 渠道 客户来源 线索来源 channel"),
        _field("sub_source", "来源明细", "Source in detail", "二级来源 来源细分 子渠道"),
        _field("model", "意向车型", "Model", "车型 意向车系 车系 car"),
        _field("consultant", "销售顾问", "Sales consultant", "顾问 跟进人 所属顾问 负责人 销售 consultant"),
        _field("wish", "需求备注", "What they want", "备注 需求 说明 wish note notes remark"),
        _field("competitors", "对比竞品", "Also look at", "竞品 竞品车型 对比车型 competitors"),
        _field("next_on", "下次联系日期", "Next contact", "下次跟进 下次跟进日期 下次回访 下次联系"),
        _field("may_call", "可否联系", "May be called", "可联系 是否可联系 同意联系 允许联系"),
        _field("leave_alone", "勿扰", "Leave alone", "免打扰 请勿打扰 拒绝联系 donotcontact dnc"),
        _field("address", "地址", "Address", "住址 联系地址"),
    ),
    MODELS: (
        _field("brand", "品牌", "Brand", "厂商 品牌名称 make", required=True),
        _field("series", "车系", "Series", "车型 车系名称 carmodel model", required=True),
        _field("trim", "款型", "Trim", "配置 版本 车款 车型款式 type version"),
        _field("year", "年款", "Model year", "年份 年型 year"),
        _field("energy", "能源类型", "Kind of drive", "动力 动力类型 燃料 能源 energy fuel"),
        _field("body", "车身", "Body", "车身形式 车身类型 级别"),
        _field("seats", "座位数", "Seats", "座位 座"),
        _field("brand_en", "品牌（英文）", "Brand in English", "brandenglish"),
        _field("series_en", "车系（英文）", "Series in English", "seriesenglish"),
        _field("trim_en", "款型（英文）", "Trim in English", "trimenglish"),
    ),
    JOBS: (
        _field("code", "项目编号", "Job code", "编号 代码 工时代码 项目代码 code", required=True),
        _field("name", "项目名称", "Job", "名称 项目 维修项目 作业内容 name job", required=True),
        _field("hours", "工时", "Hours", "标准工时 工时数 定额工时 hours labour", required=True),
        _field("kind", "作业类别", "Kind", "类别 维修类别 type"),
        _field("skill", "工种", "Skill", "班组 岗位 trade"),
        _field("guarantee", "质保类别", "Guarantee", "保证期类别 质量保证期"),
        _field("every_km", "间隔里程", "Every km", "保养里程 周期里程 里程间隔"),
        _field("every_months", "间隔月数", "Every months", "保养月数 周期月 时间间隔"),
        _field("name_en", "项目名称（英文）", "Job in English", "nameenglish"),
    ),
    PARTS: (
        _field("code", "配件编码", "Part code", "编码 零件号 配件编号 件号 oe oe号 code partno", required=True),
        _field("name", "配件名称", "Part", "名称 零件名称 品名 name part", required=True),
        _field("price", "销售价", "Price", "单价 含税价 售价 零售价 价格 price", required=True),
        _field("part_class", "配件类别", "Class", "类别 品质 配件类型 class"),
        _field("brand", "品牌", "Brand", "厂家 产地 brand"),
        _field("unit", "单位", "Unit", "计量单位 unit"),
        _field("reorder_at", "补货点", "Reorder at", "安全库存 最低库存 下限 reorder"),
        _field("bin", "货位", "Bin", "库位 仓位 bin"),
        _field("instead_of", "替代原厂件号", "Instead of", "原厂件号 替代件号 对应原厂"),
        _field("name_en", "配件名称（英文）", "Part in English", "nameenglish"),
    ),
}


def plain(text: str) -> str:
    """A heading or a choice without what people write differently: case, width, blanks, signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")


def named(kind: str) -> dict[str, Field]:
    """The fields by their codes."""
    return {field.code: field for field in FIELDS[kind]}


def called(kind: str) -> dict[str, str]:
    """Every heading that says by itself which field it is."""
    known: dict[str, str] = {}
    for field in FIELDS[kind]:
        for word in (field.name["zh"], field.name["en"], field.code, *field.also):
            known.setdefault(plain(word), field.code)
    return known
