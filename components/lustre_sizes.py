"""Sizes and speeds in which FSx sells Lustre: persistent SSD of the second generation.

Source: Amazon FSx API reference, CreateFileSystem and CreateFileSystemLustreConfiguration.
"""

SMALLEST_GIB = 1_200
STEP_GIB = 2_400
"""Beyond the smallest size, capacities are multiples of this."""

THROUGHPUTS_MBPS_PER_TIB = (125, 250, 500, 1_000)


def is_sold(capacity_gib: int) -> bool:
    """Whether FSx has a file system of that size."""
    return capacity_gib == SMALLEST_GIB or (capacity_gib > 0 and capacity_gib % STEP_GIB == 0)
