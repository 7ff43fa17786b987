"""The zone folder: ``zone.yaml`` and ``hourly.csv``, a zone case as files that people and scripts can read."""

from ayni.zones.folder.reading import read_folder
from ayni.zones.folder.writing import write_folder

__all__ = ["read_folder", "write_folder"]
