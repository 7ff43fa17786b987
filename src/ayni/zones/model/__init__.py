"""The zone as a linear programme: blocks of equations, one after the other, and the arrays they make."""

from ayni.zones.model.equations import zone_program
from ayni.zones.model.program import LinearProgram

__all__ = ["LinearProgram", "zone_program"]
