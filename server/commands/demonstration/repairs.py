"""Cars in the workshop today: one that is being received, some that wait for a technician, and one long gone."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People, tap_of
from server.database import now
from server.domain.catalogue import CarModel
from server.domain.catalogue.jobs import Job
from server.domain.checklists import Run, runs, taps
from server.domain.customers import cars, register, relations
from server.domain.people import Person
from server.domain.workshop import RepairOrder, intake, lines, promises, signing, three_guarantee
from server.domain.workshop.intake import Words

VISITS: list[dict[str, Any]] = [
    {
        "name": "郭海涛", "phone": "13855300211", "plate": "皖B3K27Q", "vin": "LVVDB11B8PD203311",
        "series": "瑞虎8 PRO",
        "sold": 2, "km": 41_236, "minutes": 190, "by": "chen", "kind": "maintenance", "jobs": ["M-B", "R-PADF1"],
        "waits": True, "key": "A07",
        "words": ["来做四万公里保养，刹车偶尔有点响", "早上第一脚", "小区里", "踩得轻的时候"],
    },
    {
        "name": "蒋文静", "phone": "13955306620", "plate": "皖B8F61D", "vin": "LVVDC21B9ND114072",
        "series": "瑞虎7 PLUS",
        "sold": 4, "km": 78_420, "minutes": 130, "by": "chen", "kind": "repair", "jobs": ["R-DIAGE", "R-BAT"],
        "waits": False, "key": "A11",
        "words": ["早上打不着火，搭电才着", "这两天降温以后", "地下车库", "停一晚上"],
    },
    {
        "name": "安徽恒通商贸有限公司", "phone": "0553-3866120", "plate": "皖B2M90A", "vin": "LVVDB12B4MD330518",
        "series": "艾瑞泽8", "sold": 5, "km": 126_800, "minutes": 85, "by": "xu", "kind": "body",
        "jobs": ["P-BMP", "B-FEN"], "waits": False, "key": "B02",
        "words": ["右前蹭了墙，翼子板瘪了", "", "单位车库", ""],
        "payer": "insurance",
    },
    {
        "name": "宋佳怡", "phone": "13705539012", "plate": "皖BD18866", "vin": "LVVDD13B8RD450127",
        "series": "风云T9",
        "sold": 1, "km": 19_870, "minutes": 40, "by": "xu", "kind": "warranty", "jobs": ["T-RADIO"], "waits": True,
        "key": "B05", "words": ["中控屏偶尔黑屏，重启又好", "一周两三次", "高速上", "开导航的时候"],
    },
]  # fmt: skip
RECEIVED: dict[str, Any] = {
    "name": "陶立新", "phone": "13865308873", "plate": "皖B5R33T", "vin": "LVVDB11B8ND118840",
    "series": "瑞虎9",
    "sold": 3, "km": 52_310, "minutes": 12, "by": "chen", "kind": "maintenance", "jobs": ["M-C"], "waits": True,
    "key": "A15", "words": ["来做大保养，空调味道有点大", "", "", ""],
}  # fmt: skip


def repair(session: Session, people: People) -> None:
    """In the order of their arrival, by the verbs of the house."""
    service = Service(session, people)
    for described in VISITS:
        service.sign(service.write(described), described)
    service.write(RECEIVED)


class Service:
    """What an advisor does with one car after the other."""

    def __init__(self, session: Session, people: People) -> None:
        self.session, self.people = session, people
        self.here = now().astimezone(people["lin"].zone)

    def write(self, described: dict[str, Any]) -> RepairOrder:
        """Received so many minutes ago: noted, heard, its jobs written and a time promised."""
        by = self.people[described["by"]]
        with clock.at(self._at(described["minutes"])):
            order = self._opened(described, by)
            intake.note_down(
                self.session, order, by=by, km=described["km"], energy_level=55, waits_here=described["waits"],
                key_number=described["key"],
            )  # fmt: skip
            intake.write_words(self.session, order, [Words(*described["words"])], by=by)
            for code in described["jobs"]:
                job = self.session.scalars(select(Job).where(Job.store_id == by.store_id, Job.code == code)).one()
                lines.add_job(self.session, order, job, by=by, payer=described.get("payer", ""))
            jobs, _ = intake.lines_of(self.session, order)
            at = promises.propose(self.session, order, jobs, now(), by.zone)
            promises.promise(self.session, order, at, by=by)
            self.session.flush()  # the list of the intake reads it
            intake.intake_list.fill(self.session, order, by=by)
        return order

    def sign(self, order: RepairOrder, described: dict[str, Any]) -> None:
        """Ten minutes later: the list is walked and the customer signs."""
        by = self.people[described["by"]]
        with clock.at(self._at(described["minutes"] - 10)):
            self._walked(order, by)
            seen = signing.covers(order, *intake.lines_of(self.session, order))
            ink = pictures.signature(order.sender.name)
            signing.sign(self.session, order, by=by, name=order.sender.name, ink=ink, seen=seen)
            self.session.flush()  # whoever goes on reads the lines

    def _opened(self, described: dict[str, Any], by: Person) -> RepairOrder:
        session = self.session
        kind = "company" if "公司" in described["name"] else "person"
        sender = register(session, by=by, name=described["name"], phone=described["phone"], kind=kind)
        query = select(CarModel).where(CarModel.store_id == by.store_id)
        model = next(one for one in session.scalars(query) if one.series["zh"] == described["series"])
        car = cars.register(session, by=by, vin=described["vin"], plate=described["plate"], model=model)
        relations.add(session, car, sender, "owner", by=by)
        sold = self._sold(described["sold"])
        three_guarantee.set_sale(
            session, car, by=by, invoiced_on=sold, delivered_on=sold + timedelta(days=3), private=kind == "person"
        )
        return intake.open_order(session, by=by, customer=sender, car=car, kind=described["kind"])

    def _walked(self, order: RepairOrder, by: Person) -> None:
        run = self.session.get_one(Run, order.intake_run_id)
        standing = runs.progress(self.session, run)
        for question in standing.sheet.questions():
            if question.kind != "signature" and standing.is_open(question):
                taps.answer(self.session, run, question.id, tap_of(question), by=by)
        self.session.flush()  # it is signed over what was answered

    def _at(self, minutes: int) -> datetime:
        """So many minutes ago; before the store opens, yesterday afternoon."""
        at = self.here - timedelta(minutes=minutes)
        opens = datetime.combine(self.here.date(), time(8, 30), self.here.tzinfo)
        if self.here - timedelta(minutes=200) >= opens:
            return at
        return self.here.replace(hour=15, minute=0) - timedelta(days=1, minutes=minutes)

    def _sold(self, years: int) -> date:
        return self.here.date() - timedelta(days=365 * years - 40)
