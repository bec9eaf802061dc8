"""Copies of backups in another region: the place where they lie, and what each region sends there."""

from components.copies.region import RegionCopies, RegionCopiesArgs
from components.copies.site import CopySite, CopySiteArgs, CopySiteRef

__all__ = ["CopySite", "CopySiteArgs", "CopySiteRef", "RegionCopies", "RegionCopiesArgs"]
