"""Bodies: the three shapes of car that are drawn, the panels of the drawing, and from where each is seen."""

from server.database import Words

SEDAN, SUV, MPV = "sedan", "suv", "mpv"
BODIES: dict[str, Words] = {
    SEDAN: {"zh": "轿车", "en": "Sedan"},
    SUV: {"zh": "SUV", "en": "SUV"},
    MPV: {"zh": "MPV", "en": "MPV"},
}
DRAWN_AS = {"sedan": SEDAN, "hatch": SEDAN, "suv": SUV, "mpv": MPV}
"""How a body of the catalogue of models is drawn."""
LEFT, TOP, RIGHT, FRONT, REAR = "left", "top", "right", "front", "rear"
SIDES: dict[str, Words] = {
    LEFT: {"zh": "左侧", "en": "Left"},
    TOP: {"zh": "俯视", "en": "From above"},
    RIGHT: {"zh": "右侧", "en": "Right"},
    FRONT: {"zh": "车头", "en": "Front"},
    REAR: {"zh": "车尾", "en": "Rear"},
}


def _both(code: str, zh: str, en: str) -> dict[str, Words]:
    return {
        f"{code}_left": {"zh": f"左{zh}", "en": f"Left {en}"},
        f"{code}_right": {"zh": f"右{zh}", "en": f"Right {en}"},
    }


PANELS: dict[str, Words] = {
    "bonnet": {"zh": "机盖", "en": "Bonnet"},
    "front_bumper": {"zh": "前保险杠", "en": "Front bumper"},
    "rear_bumper": {"zh": "后保险杠", "en": "Rear bumper"},
    "boot": {"zh": "行李箱盖/尾门", "en": "Boot lid or tailgate"},
    "roof": {"zh": "车顶", "en": "Roof"},
    "sunroof": {"zh": "天窗", "en": "Sunroof"},
    "windscreen": {"zh": "前风挡", "en": "Windscreen"},
    "rear_window": {"zh": "后风挡", "en": "Rear window"},
    **_both("front_fender", "前翼子板", "front wing"),
    **_both("rear_fender", "后翼子板", "rear wing"),
    **_both("front_door", "前门", "front door"),
    **_both("rear_door", "后门", "rear door"),
    **_both("front_glass", "前门玻璃", "front door glass"),
    **_both("rear_glass", "后门玻璃", "rear door glass"),
    **_both("sill", "裙边", "sill"),
    **_both("mirror", "后视镜", "mirror"),
    **_both("headlight", "大灯", "headlight"),
    **_both("tail_light", "尾灯", "tail light"),
    **_both("front_wheel", "前轮（胎/毂）", "front wheel"),
    **_both("rear_wheel", "后轮（胎/毂）", "rear wheel"),
}
"""By code, in the order of the list beside the drawing."""
TYRES = frozenset({"front_wheel_left", "front_wheel_right", "rear_wheel_left", "rear_wheel_right"})
