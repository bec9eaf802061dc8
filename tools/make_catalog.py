"""Make `infra/data/`, the project's own dated knowledge of AWS, from data that well-kept packages ship.

    python tools/make_catalog.py            writes the files
    python tools/make_catalog.py --check    exits 1 and names the files that differ

Suppliers: moto (EC2 instance types, their offers by zone), botocore (regions, partitions, where EKS and Managed
Prometheus exist) and `infra/data/curated.json`, written by hand, in which each fact names its source. What an
environment uses is the committed result, so that an upgrade of moto or botocore changes nothing by itself.
"""

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict, cast

import botocore.loaders
import moto

DATA = Path(__file__).resolve().parents[1] / "infra" / "data"
MOTO_EC2 = Path(moto.__file__).parent / "ec2" / "resources"

PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-eusc")
FAMILIES = re.compile(
    r"t3a?|t4g"  # burstable
    r"|[mcr][5-9](a|g|i|in)?"  # general purpose, compute, memory
    r"|[mcr][6-9][gia]d|[mcr][6-9]idn|[mcr][6-9]gn"  # the same with local disks or more network
    r"|i4i|i4g|i7ie?|i8ge?|im4gn|is4gen|i3(en)?"  # storage
)
ZONES_PER_ENVIRONMENT = 3
MIB_PER_GIB = 1024


class Offer(TypedDict):
    InstanceType: str
    Location: str


def main(argv: list[str] | None = None) -> int:
    """Write the data files, or compare them with what the installed packages say now."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args(argv)
    stale = []
    for name, text in generated_files().items():
        path = DATA / name
        if arguments.check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not arguments.check:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(
            f"infra/data differs from its suppliers: {', '.join(stale)}. Run python tools/make_catalog.py and review."
        )
    return 1 if stale else 0


def generated_files() -> dict[str, str]:
    """Return the text of every generated file, by name."""
    curated = json.loads((DATA / "curated.json").read_text(encoding="utf-8"))
    offers = {path.name.removesuffix(".json.gz"): _offers(path) for path in _offer_files()}
    types = _instance_types()
    used = {offer["InstanceType"] for region in offers.values() for offer in region} & types.keys()
    source = f"moto {version('moto')}, botocore {version('botocore')}"
    return {
        "regions.json": _document(source, curated["as_of"], "regions", _regions(offers, curated)),
        "instance_types.json": _document(
            source, curated["as_of"], "types", {name: types[name] for name in sorted(used)}
        ),
        "offers.json": _document(
            source, curated["as_of"], "regions", {region: _by_family(rows, used) for region, rows in offers.items()}
        ),
    }


def _document(source: str, as_of: str, key: str, rows: Mapping[str, object]) -> str:
    """Render one row per line: a diff of the data then reads as a list of changed facts."""
    lines = ",\n".join(f'    "{name}": {json.dumps(row)}' for name, row in sorted(rows.items()))
    return f'{{\n  "source": "{source}",\n  "as_of": "{as_of}",\n  "{key}": {{\n{lines}\n  }}\n}}\n'


def _regions(offers: Mapping[str, list[Offer]], curated: Mapping[str, Any]) -> dict[str, object]:
    opt_in = set(curated["opt_in_regions"]["names"])
    refused = set(curated["eks_refused_zones"]["names"])
    rows: dict[str, object] = {}
    prometheus = set(_regions_of("aps"))
    for partition, region in _regions_of("eks"):
        zones = sorted({offer["Location"] for offer in offers.get(region, [])})
        rows[region] = {
            "partition": partition,
            "opt_in": region in opt_in,
            "zones": zones,
            "default_zones": [zone for zone in zones if zone not in refused][:ZONES_PER_ENVIRONMENT],
            "managed_prometheus": (partition, region) in prometheus,
        }
    return rows


def _regions_of(service: str) -> Iterator[tuple[str, str]]:
    endpoints = cast("dict[str, Any]", botocore.loaders.Loader().load_data("endpoints"))
    for partition in endpoints["partitions"]:
        if partition["partition"] in PARTITIONS:
            offered = partition["services"].get(service, {}).get("endpoints", ())
            yield from ((partition["partition"], region) for region in partition["regions"] if region in offered)


def _instance_types() -> dict[str, dict[str, object]]:
    return {name: _facts(row) for name, row in _read(MOTO_EC2 / "instance_types.json.gz").items() if _relevant(name)}


def _relevant(instance_type: str) -> bool:
    return FAMILIES.fullmatch(instance_type.partition(".")[0]) is not None


def _facts(row: Mapping[str, Any]) -> dict[str, object]:
    architecture = "arm64" if "arm64" in row["ProcessorInfo"]["SupportedArchitectures"] else "amd64"
    storage = row.get("InstanceStorageInfo", {})
    nvme = storage.get("Disks", []) if storage.get("NvmeSupport") in ("required", "supported") else []
    return {
        "vcpu": row["VCpuInfo"]["DefaultVCpus"],
        "memory_gib": row["MemoryInfo"]["SizeInMiB"] / MIB_PER_GIB,
        "architecture": architecture,
        "nvme_disks": sum(disk["Count"] for disk in nvme),
        "nvme_gb": sum(disk["Count"] * disk["SizeInGB"] for disk in nvme),
    }


def _offer_files() -> list[Path]:
    return sorted((MOTO_EC2 / "instance_type_offerings" / "availability-zone").glob("*.json.gz"))


def _offers(path: Path) -> list[Offer]:
    return cast("list[Offer]", _read(path))


def _by_family(offers: Iterable[Offer], types: set[str]) -> dict[str, dict[str, str]]:
    """Fold offers to family → zone letters → sizes: most sizes of a family share their zones."""
    letters: dict[str, set[str]] = defaultdict(set)
    for offer in offers:
        if offer["InstanceType"] in types:
            letters[offer["InstanceType"]].add(offer["Location"][-1])
    folded: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for instance_type, zones in sorted(letters.items()):
        family, _, size = instance_type.partition(".")
        folded[family]["".join(sorted(zones))].append(size)
    return {
        family: {zones: " ".join(sizes) for zones, sizes in rows.items()} for family, rows in sorted(folded.items())
    }


def _read(path: Path) -> Any:  # noqa: ANN401 - the shape is the supplier's
    return json.loads(gzip.decompress(path.read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
