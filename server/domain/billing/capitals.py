"""An amount in Chinese capitals, as a cashier writes it on a receipt: nobody can add a stroke to it."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capitals(fen: int) -> str:
    """`500000` is 伍仟元整. Zeros in between are said once; what ends with whole yuan or jiao says so with 整."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        said += f"{DIGITS[jiao]}角"
    elif cents and yuan:
        said += DIGITS[0]
    said += f"{DIGITS[cents]}分" if cents else "整"
    sign = "负" if fen < 0 else ""
    return sign + (said if yuan or rest else "零元整")


def _whole(number: int) -> str:
    """Groups of four digits, the highest first."""
    said, pending = "", False
    for place in reversed(range(len(GROUPS))):
        group = number // 10_000**place % 10_000
        if group == 0:
            pending = bool(said)
            continue
        if said and (pending or group < 1000):
            said += DIGITS[0]
        said += _group(group) + GROUPS[place]
        pending = False
    return said


def _group(number: int) -> str:
    said, pending = "", False
    for place in reversed(range(len(UNITS))):
        digit = number // 10**place % 10
        if digit == 0:
            pending = bool(said)
            continue
        said += (DIGITS[0] if pending else "") + DIGITS[digit] + UNITS[place]
        pending = False
    return said
