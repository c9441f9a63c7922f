"""The whole of S8, from the customer's name to the proof of the paper, on tablet and phone."""

from server.commands.main_job.journey import Journey
from server.commands.trial.camera import Camera
from server.commands.trial.house import newly_opened


def test_a_new_car_is_handed_over_and_nothing_is_missing(browser, tmp_path):
    with newly_opened() as address:
        journey = Journey(browser, address, Camera(tmp_path), "LSJA24U62JG269225", "欧阳建国")

        assert journey.make() == []
        assert journey.number.startswith("JC-")
