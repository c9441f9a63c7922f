"""What a device is, in plain words, from what its browser calls itself."""

import re

from server.database import Words

Known = tuple[tuple[str, Words], ...]

KINDS: Known = (
    (r"iPad", {"zh": "iPad", "en": "iPad"}),
    (r"iPhone", {"zh": "iPhone", "en": "iPhone"}),
    (r"(HarmonyOS|OpenHarmony).*(Phone|Mobile)", {"zh": "鸿蒙手机", "en": "HarmonyOS phone"}),
    (r"HarmonyOS|OpenHarmony", {"zh": "鸿蒙平板", "en": "HarmonyOS tablet"}),
    (r"Android.*Mobile", {"zh": "安卓手机", "en": "Android phone"}),
    (r"Android", {"zh": "安卓平板", "en": "Android tablet"}),
    (r"Windows", {"zh": "Windows 电脑", "en": "Windows computer"}),
    # Safari on an iPad says that it is a Mac unless it is told otherwise.
    (r"Macintosh.*Version/.*Safari", {"zh": "Mac 或 iPad", "en": "Mac or iPad"}),
    (r"Macintosh", {"zh": "Mac 电脑", "en": "Mac"}),
    (r"CrOS", {"zh": "Chromebook", "en": "Chromebook"}),
    (r"Linux|X11", {"zh": "Linux 电脑", "en": "Linux computer"}),
)
"""The first that fits counts."""
BROWSERS: Known = (
    (r"MicroMessenger", {"zh": "微信", "en": "WeChat"}),
    (r"HuaweiBrowser", {"zh": "华为浏览器", "en": "Huawei Browser"}),
    (r"MiuiBrowser", {"zh": "小米浏览器", "en": "Mi Browser"}),
    (r"M?QQBrowser", {"zh": "QQ 浏览器", "en": "QQ Browser"}),
    (r"UCBrowser", {"zh": "UC 浏览器", "en": "UC Browser"}),
    (r"SamsungBrowser", {"zh": "三星浏览器", "en": "Samsung Internet"}),
    (r"Edg(e|A|iOS)?/", {"zh": "Edge", "en": "Edge"}),
    (r"Firefox|FxiOS", {"zh": "Firefox", "en": "Firefox"}),
    (r"Chrom(e|ium)|CriOS", {"zh": "Chrome", "en": "Chrome"}),
    (r"Safari", {"zh": "Safari", "en": "Safari"}),
)
UNKNOWN: Words = {"zh": "未知设备", "en": "Unknown device"}


def described(agent: str) -> Words:
    """`安卓平板 · Chrome` · `Android tablet · Chrome`."""
    parts = [found for known in (KINDS, BROWSERS) if (found := _first(known, agent))]
    if not parts:
        return UNKNOWN
    return {language: " · ".join(part[language] for part in parts) for language in ("zh", "en")}


def _first(known: Known, agent: str) -> Words | None:
    return next((words for pattern, words in known if re.search(pattern, agent)), None)
