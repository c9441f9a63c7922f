"""Number plates of cars (GA 36)."""

import re
import unicodedata

from server.domain.refusals import Invalid, N_

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ORDINARY = re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳领]")
NEW_ENERGY = re.compile(rf"[{PROVINCES}][A-HJ-NP-Z](?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])")
NONE_YET = frozenset({"未上牌", "暂无", "无牌", "无", "—", "NONE", "N/A"})


def read(typed: str) -> str | None:
    """A plate without blanks or dots, or None when the car has none yet. Raises Invalid at `plate`."""
    plate = re.sub(r"[\s·•.\-]", "", unicodedata.normalize("NFKC", typed[:40])).upper()
    if not plate or plate in NONE_YET:
        return None
    if not (ORDINARY.fullmatch(plate) or NEW_ENERGY.fullmatch(plate)):
        raise Invalid.at("plate", N_("This is not a plate. Write it like 皖B12345, or 沪AD12345 for new energy."))
    return plate


def spaced(plate: str | None) -> str:
    """As on the plate itself: a dot after the town's letter."""
    return f"{plate[:2]}·{plate[2:]}" if plate else ""
