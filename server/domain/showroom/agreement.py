"""What is agreed before a test drive: the one wording, read on the tablet, signed under it, and frozen on the paper."""

from collections.abc import Mapping, Sequence

from server.database import Words
from server.domain.showroom.test_drives import DRIVE, RIDE

_RECORDED: Words = {
    "zh": "车辆装有定位与影像记录，仅用于本次行车安全与事故处理；驾驶证照片在试驾结束后按期删除，不作他用。",
    "en": (
        "The car records its position and images for the safety of this drive and for accidents only; photos of the "
        "licence are deleted in due time after the drive and serve no other purpose."
    ),
}
CLAUSES: Mapping[str, Sequence[Words]] = {
    DRIVE: (
        {
            "zh": "客户持有与试驾车相符且有效的驾驶证，驾龄满一年；未饮酒，未服用影响驾驶的药物，不疲劳驾驶。",
            "en": (
                "The customer holds a valid licence for this car, for at least one year; has not drunk alcohol, taken "
                "impairing medicine, and is not tired."
            ),
        },
        {
            "zh": (
                "客户全程遵守道路交通安全法律法规，听从陪驾人员安排，按约定路线行驶，不做危险动作；"
                "陪驾人员要求停车的，立即在安全处停车。"
            ),
            "en": (
                "The customer obeys traffic law and the accompanying consultant, keeps to the agreed route, does "
                "nothing dangerous, and stops at a safe place as soon as asked to."
            ),
        },
        {
            "zh": (
                "试驾车已投保交强险和商业险。因客户过错造成的损失，先由保险赔付，不足部分依法按过错承担；"
                "因车辆缺陷或经销商原因造成的，由经销商承担。客户驾驶期间的交通违法由客户依法处理。"
            ),
            "en": (
                "The car carries compulsory and commercial insurance. Loss caused by the customer's fault is first "
                "borne by the insurance, the rest according to fault as the law says; loss caused by a defect of the "
                "car or by the dealer is the dealer's. Traffic offences while the customer drives are the customer's."
            ),
        },
        _RECORDED,
    ),
    RIDE: (
        {
            "zh": "客户乘坐由经销商专员驾驶的车辆，全程系好安全带，不干扰驾驶。",
            "en": (
                "The customer rides in a car driven by the dealer's driver, wears the belt and does not disturb the "
                "driving."
            ),
        },
        {
            "zh": "试乘期间的安全由经销商依法负责。",
            "en": "The dealer answers for safety during the ride as the law says.",
        },
        _RECORDED,
    ),
}  # fmt: skip
