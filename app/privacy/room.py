"""What privacy gives to the house."""

from app.core.rooms import Room, Schedule, UnderMaster
from app.privacy import api, erasing, exporting, member_views, personal, retention, views
from app.privacy.blueprint import api as endpoints

ENDPOINTS = (api,)  # importing it is what counts
ROOM = Room(
    "privacy",
    blueprints=(views.bp, member_views.bp),
    apis=(endpoints,),
    jobs={
        exporting.MAKE: exporting.make,
        exporting.REMOVE: exporting.remove,
        erasing.PERSON: erasing.carry_out_person,
        erasing.MEMBER: erasing.carry_out_member,
        retention.GROUP_JOB: retention.retain,
        retention.PEOPLE_JOB: retention.retain_people,
    },
    schedules=(Schedule("retention", 6 * 3600, retention.plan),),
    under_master=(UnderMaster("data_export", "sealed", "data_export|{id}|sealed"),),
    personal=personal.of_member,
    personal_of_user=personal.of_user,
)
