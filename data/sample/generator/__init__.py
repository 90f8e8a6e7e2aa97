"""Generator of the synthetic sample district. Nothing in it is about a real person or firm."""

from .microdata import write_microdata
from .panel import district, panel
from .plans import write_plans
from .returns import write_returns

__all__ = ["district", "panel", "write_microdata", "write_plans", "write_returns"]
