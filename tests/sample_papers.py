"""Two whole papers as they are frozen, with photos and ink."""

import io
import math
from typing import Any

from PIL import Image, ImageDraw

VERIFY = "https://huanche.example/papers/JC-20261122-0001"
PDI = {
    ("证件与外观", "Papers and body"): [
        ("VIN、发动机/电机号与合格证一致", "VIN and engine/motor no. match the certificate"),
        ("漆面、玻璃、灯具无损伤", "Paint, glass and lamps undamaged"),
        ("门盖开闭、间隙、儿童锁", "Doors and lids, gaps, child lock"),
        ("轮胎（含备胎）胎压、螺母紧固", "Tyres incl. spare: pressure, wheel nuts"),
    ],
    ("发动机舱与底盘", "Engine bay and underbody"): [
        ("机油、冷却液、制动液、洗涤液液位", "Oil, coolant, brake fluid, washer levels"),
        ("蓄电池电压与桩头", "12 V battery voltage and terminals"),
        ("动力电池电量、充电口、高压警示", "Traction battery charge, port, HV labels"),
        ("底盘无划伤、无渗漏、紧固件", "Underbody: no scratches or leaks, fasteners"),
        ("制动与驻车制动", "Brakes and parking brake"),
        ("悬架与转向", "Suspension and steering"),
    ],
    ("电器与车内", "Electrics and cabin"): [
        ("灯光全功能、喇叭", "All lights, horn"),
        ("雨刮与喷水", "Wipers and washers"),
        ("仪表无故障灯，里程记录", "No warning lamps, odometer noted"),
        ("空调制冷、制热、除霜", "Air conditioning, heating, defrost"),
        ("音响、车机、导航、版本号", "Audio, head unit, navigation, version"),
        ("座椅、安全带、气囊指示", "Seats, belts, airbag lamp"),
        ("车窗、天窗、后视镜、中控锁", "Windows, sunroof, mirrors, locks"),
        ("钥匙数量与功能", "Keys: count and function"),
        ("读取并清除故障码", "Fault codes read and cleared"),
    ],
    ("路试与收尾", "Road test and finish"): [
        ("路试：加速、制动、转向、异响", "Road test: acceleration, brakes, steering, noise"),
        ("随车工具、备胎、三角牌", "Tools, spare wheel, warning triangle"),
        ("随车文件齐全", "Vehicle documents complete"),
        ("精品加装核对", "Accessories as ordered"),
        ("解除运输模式、清洁", "Transport mode off, cleaned"),
        ("结论、返工、复检签字", "Verdict, rework, re-check signed"),
    ],
}
HANDOVER = {
    ("交车前准备", "Before the handover"): [
        ("交车前确认 PDI 合格", "PDI passed before handover"),
        ("车内外整洁，漆面、玻璃完好", "Clean; paint and glass intact, seen together"),
        ("轮胎轮毂、灯具、后视镜完好", "Tyres, wheels, lamps, mirrors intact"),
        ("千斤顶、工具包、备胎、三角牌", "Jack, tool kit, spare, triangle"),
        ("油量（电量）足够到最近加油（充电）站", "Enough fuel or charge to reach the nearest station"),
        ("钥匙数量", "Number of keys"),
    ],
    ("文件", "Documents"): [
        ("购车合同、发票", "Contract, invoice"),
        ("合格证、一致性证书", "Certificate of conformity, consistency certificate"),
        ("使用说明书、维修保养手册", "User manual, maintenance manual"),
        (
            "三包凭证并讲解条款、包修期、三包有效期、补偿系数、网点查询",
            "Three-guarantee certificate explained: terms, periods, coefficient, network",
        ),
        ("随车物品清单核对", "List of accompanying items checked"),
        ("保险单据、购置税、上牌资料", "Insurance, purchase tax, registration papers"),
        ("贷款资料（若有）", "Loan papers, if any"),
    ],
    ("讲解与引见", "Explained and introduced"): [
        ("功能使用培训完成", "Usage training done"),
        ("提醒阅读安全注意事项", "Reminded to read the safety notes"),
        ("介绍服务顾问、营业地点与时间", "Service advisor, place and hours introduced"),
        ("首保时间里程、保修事项说明", "First service and warranty explained"),
        ("车主俱乐部介绍", "Owners' club introduced"),
    ],
    ("交车仪式", "Ceremony"): [
        ("交车仪式、合影（经同意）", "Ceremony and photo, with consent"),
        ("委托代理人身份核验", "Agent's authority verified"),
        ("逐区客户签字，一式两份", "Signed section by section, two copies"),
        ("当日致电关怀", "Care call the same day"),
    ],
}
TRAINING = {
    ("基本操作", "Basics"): [
        ("座椅调节", "Seat adjustment"),
        ("方向盘调节", "Steering wheel adjustment"),
        ("中控锁与钥匙", "Central locking and key"),
        ("后视镜调整", "Mirrors"),
        ("灯光操作", "Lights"),
        ("仪表指示与故障灯含义", "Instruments and warning lamps"),
        ("雨刮器", "Wipers"),
        ("空调（除霜除雾）", "Climate: defrost and demist"),
        ("音响系统", "Audio"),
        ("儿童安全锁", "Child lock"),
    ],
    ("养护与新功能", "Care and new functions"): [
        ("发动机舱盖开启与液体", "Opening the bonnet, fluids"),
        ("加油口、充电口操作，油箱容积", "Fuel and charge port, tank size"),
        ("磨合期注意事项", "Running-in advice"),
        ("自动变速箱注意事项", "Automatic gearbox cautions"),
        (
            "特有配备（ESP、天窗、电动尾门、驾驶辅助）",
            "Special equipment: ESP, sunroof, tailgate, assistance",
        ),
        ("车联网 APP 绑定认证、流量、续费", "Connected-car app: binding, data plan, renewal"),
        ("语音、远程、救援功能", "Voice, remote and rescue functions"),
        ("备胎、补胎与三角牌使用", "Spare wheel, repair kit and triangle"),
    ],
}


def pair(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def ink(seed: int) -> list[dict[str, Any]]:
    return [
        {
            "points": [
                {
                    "x": 40 + 55 * stroke + 2.4 * step + 9 * math.sin(step / (2.1 + seed)),
                    "y": 80 + 32 * math.sin(step / (3 + stroke)) * math.cos(step / 7 + seed),
                    "time": 1_795_000_000_000 + 16 * step,
                    "pressure": 0.5,
                }
                for step in range(34)
            ]
        }
        for stroke in range(3)
    ]


def signature(zh: str, en: str, name: str, seed: int | None) -> dict[str, Any]:
    drawn = None if seed is None else ink(seed)
    return {
        "role": pair(zh, en),
        "name": name,
        "at": "2026-11-22T06:41:20Z",
        "ink": drawn,
        "typed": seed is None,
    }


def answer(verdict: str = "ok", **known: Any) -> dict[str, Any]:
    plain = {"number": None, "unit": None, "limits": None, "text": None, "choice": None}
    seen = {"notes": [], "by": "周磊", "at": "2026-11-22T03:12:00Z", "photos": []}
    return {"verdict": verdict, **plain, **seen, **known}


def checklist(code: str, title: dict[str, str], sections: Any, answers: Any, signed: bool) -> dict[str, Any]:
    number = iter(range(1, 100))
    hands = [signature("客户", "Customer", "欧阳建国", 1)] if signed else []
    return {
        "code": code,
        "title": title,
        "version": 1,
        "sections": [
            {
                "title": pair(*head),
                "items": [
                    {
                        "no": f"{code}-{n:02}",
                        **pair(*words),
                        "blocking": n % 8 == 1,
                        "answer": answers.get(n, answer()),
                    }
                    for words, n in zip(items, number, strict=False)
                ],
                "signatures": hands,
            }
            for head, items in sections.items()
        ],
    }


def photo(file: str, zh: str, en: str) -> dict[str, Any]:
    return {"file": file, "sha256": "3f9a1c55d0e84b7720aa" + "0" * 44, "caption": pair(zh, en)}


def paper(kind: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "number": "JC-20261122-0001",
        "revision": 1,
        "reason": None,
        "issued_at": "2026-11-22T06:43:54Z",
        "timezone": "Asia/Shanghai",
        "store": {
            "name": pair("环车汽车销售服务有限公司（浦东店）", "Huanche Auto Sales & Service, Pudong Store"),
            "address": pair("上海市浦东新区杨高中路 1888 号", "1888 Yanggao Middle Road, Pudong, Shanghai"),
            "phone": "021-5888 1888",
            "credit_code": "91310115MA1K3XYZ0A",
        },
        "customer": {"name": "欧阳建国", "phone": "138 1688 2046"},
        "agent": None,
        "car": {
            "vin": "LSJA24U62JG269225",
            "model": pair("瑞虎8 PRO 290T 尊享版", "Tiggo 8 PRO 290T Premium"),
            "colour": pair("月岩灰", "Moonstone grey"),
            "plate": None,
            "engine_no": "SQRF4J16C-AEKL00231",
            "odometer_km": 12,
            "keys": 2,
        },
        "people": [
            {"role": pair("销售顾问", "Sales consultant"), "name": "林悦"},
            {"role": pair("服务顾问", "Service advisor"), "name": "陈思"},
            {"role": pair("检查技师", "Technician"), "name": "周磊"},
        ],
        "facts": [
            {"label": pair("预约时间", "Planned"), "value": "2026-11-22 14:00"},
            {"label": pair("交车地点", "Place"), "value": pair("A2 交车位", "Handover bay A2")},
        ],
        "verdict": None,
        "lists": [],
        "signatures": [],
        "statements": [],
        **changes,
    }


def pdi_sheet(**changes: Any) -> dict[str, Any]:
    answers = {
        2: answer("watch", notes=["左前门漆面轻微尘点，已抛光"], photos=[photo("door", "左前门", "Front left door")]),
        4: answer(number="2.4", unit=pair("bar", "bar"), limits="2.3–2.5"),
        6: answer(number="12.6", unit=pair("伏", "V"), limits="≥12.4"),
        7: answer("none", choice=pair("不适用", "Not applicable")),
        13: answer(number="12", unit=pair("公里", "km"), limits="≤50", photos=[photo("dash", "仪表", "Instruments")]),
        18: answer(number="2", unit=pair("把", "pcs")),
        20: answer(
            "watch",
            notes=["60 km/h 右后轻微异响，紧固后消失"],
            photos=[photo("wheel", "右后轮", "Rear right")],
        ),
    }
    made = checklist("C05", pair("新车交付前检查", "Pre-delivery inspection"), PDI, answers, signed=False)
    hands = [signature("检查技师", "Technician", "周磊", 1), signature("班组长", "Team leader", "吴刚", None)]
    return paper("pdi_sheet", lists=[made], verdict="passed", signatures=hands, **changes)


def delivery_confirmation(**changes: Any) -> dict[str, Any]:
    answers = {
        3: answer("watch", notes=["左前轮毂轻微划痕 3 cm，客户知悉"], photos=[photo("wheel", "轮毂", "Wheel")]),
        6: answer(number="2", unit=pair("把", "pcs")),
        13: answer("none", choice=pair("不适用", "Not applicable")),
        19: answer(photos=[photo("door", "合影", "Ceremony")]),
    }
    handover = checklist("C06", pair("新车交付", "Handover"), HANDOVER, answers, signed=True)
    training = checklist("C07", pair("新车使用培训", "Usage training"), TRAINING, {}, signed=True)
    hands = [
        signature("客户", "Customer", "欧阳建国", 1),
        signature("销售顾问", "Sales consultant", "林悦", 2),
        signature("服务顾问", "Service advisor", "陈思", None),
    ]
    return paper("delivery_confirmation", lists=[handover, training], signatures=hands, **changes)


def picture(colour: str) -> bytes:
    image = Image.new("RGB", (1600, 1200), colour)
    pen = ImageDraw.Draw(image)
    for ring in range(12):
        pen.ellipse((400 + 30 * ring, 200 + 30 * ring, 1200 - 30 * ring, 1000 - 30 * ring), outline="#e8edf2", width=6)
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=88)
    return jpeg.getvalue()


PHOTOS = {"door": picture("#7f94a8"), "dash": picture("#25303b"), "wheel": picture("#aab4bd")}
