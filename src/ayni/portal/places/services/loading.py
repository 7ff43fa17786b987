"""The programme's own places, brought into the database."""

from __future__ import annotations

from django.db import transaction

from ayni.portal.places.models import District, Park, ParkFact
from ayni.portal.places.programme import FactRow, ParkRow, district_rows, fact_rows, park_rows

FACT_KEY = ("quantity", "basis", "part", "date", "source")


@transaction.atomic
def load_programme() -> None:
    """The districts, parks and facts that ship. Loading again adds nothing and takes nothing back.

    A park that a person has changed stays as that person left it; facts and districts follow the files.
    """
    for district in district_rows():
        values = district.model_dump()
        District.objects.update_or_create(ubigeo=values.pop("ubigeo"), defaults=values)
    parks = {row.slug: _load_park(row) for row in park_rows()}
    for fact in fact_rows():
        _load_fact(parks[fact.park], fact)


def _load_park(row: ParkRow) -> Park:
    values = row.model_dump(exclude={"slug", "ubigeo"}) | {"district_id": row.ubigeo}
    park, is_new = Park.objects.get_or_create(slug=row.slug, defaults=values)
    changed = {name: value for name, value in values.items() if getattr(park, name) != value}
    if not is_new and changed and not park.history.exclude(history_user=None).exists():
        for name, value in changed.items():
            setattr(park, name, value)
        park.save()
    return park


def _load_fact(park: Park, row: FactRow) -> None:
    values = row.model_dump(exclude={"park"})
    key = {name: values.pop(name) for name in FACT_KEY}
    ParkFact.objects.update_or_create(park=park, **key, defaults=values)
