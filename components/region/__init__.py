"""One region of an environment."""

from components.region.args import FilesChoice, KafkaChoice, PlatformChoice, PostgresChoice, RegionArgs
from components.region.component import Region

__all__ = ["FilesChoice", "KafkaChoice", "PlatformChoice", "PostgresChoice", "Region", "RegionArgs"]
