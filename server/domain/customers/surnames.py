"""Surnames that are read unlike the same letter elsewhere, and surnames of two letters."""

_READ_OTHERWISE = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "查": "zha", "盖": "ge",
    "翟": "zhai", "洗": "xian", "员": "yun", "缪": "miao", "黑": "he", "秘": "bi", "覃": "qin", "乐": "yue",
    "折": "she", "种": "chong", "召": "shao", "繁": "po", "句": "gou", "隗": "wei", "都": "du", "乜": "nie",
    "么": "yao", "祭": "zhai", "牟": "mu", "藏": "zang", "重": "chong", "阚": "kan", "卜": "bu",
}  # fmt: skip
_OF_TWO = {
    "欧阳": "ou yang", "上官": "shang guan", "皇甫": "huang fu", "司马": "si ma", "诸葛": "zhu ge",
    "夏侯": "xia hou", "东方": "dong fang", "慕容": "mu rong", "司徒": "si tu", "司空": "si kong",
    "宇文": "yu wen", "公孙": "gong sun", "端木": "duan mu", "独孤": "du gu", "南宫": "nan gong",
    "西门": "xi men", "闻人": "wen ren", "鲜于": "xian yu", "尉迟": "yu chi", "万俟": "mo qi",
    "长孙": "zhang sun", "令狐": "ling hu", "澹台": "tan tai", "轩辕": "xuan yuan", "钟离": "zhong li",
    "申屠": "shen tu", "公冶": "gong ye", "呼延": "hu yan", "完颜": "wan yan", "东郭": "dong guo",
}  # fmt: skip


def surname_reading(beginning: str) -> list[str]:
    """The syllables of the surname with which a simplified name begins; empty when it is read as usual."""
    if beginning in _OF_TWO:
        return _OF_TWO[beginning].split()
    alone = _READ_OTHERWISE.get(beginning[:1])
    return [alone] if alone else []
