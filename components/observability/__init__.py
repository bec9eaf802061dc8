"""What can be seen of a region's miners: who is scraped, what is recorded, and how it is drawn."""

from components.observability.component import Observability, ObservabilityArgs
from components.observability.openings import metrics_opening

__all__ = ["Observability", "ObservabilityArgs", "metrics_opening"]
