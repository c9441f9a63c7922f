"""Every table of the house: all rooms have to be entered before their tables are known."""

from importlib import import_module
from pkgutil import walk_packages

from server import domain
from server.database import Base

for _room in walk_packages(domain.__path__, f"{domain.__name__}."):
    import_module(_room.name)

METADATA = Base.metadata
