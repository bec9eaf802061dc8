"""Images: one form of reference, and mirrors that stand in for registries."""

import pytest

from components.images import Image, ImageSource

DIGEST = f"sha256:{'0a' * 32}"
PINS = {
    "kubectl": f"docker.io/alpine/k8s:1.36.2@{DIGEST}",
    "webhook": "quay.io/jetstack/webhook:v1",
}
MIRROR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay"


def test_a_reference_is_taken_apart_and_put_together_again() -> None:
    image = Image.parse(PINS["kubectl"])

    assert (image.registry, image.repository, image.tag, image.digest) == ("docker.io", "alpine/k8s", "1.36.2", DIGEST)
    assert (image.name, image.version) == ("docker.io/alpine/k8s", f"1.36.2@{DIGEST}")
    assert image.reference == PINS["kubectl"]


@pytest.mark.parametrize(
    "reference",
    ["alpine/k8s:1.36.2", "quay.io/strimzi/operator", "quay.io/a:1@sha256:12", "https://quay.io/a:1", "quay.io/A:1"],
)
def test_a_reference_without_registry_version_or_form_is_refused(reference: str) -> None:
    with pytest.raises(ValueError, match="is not <registry>"):
        Image.parse(reference)


def test_a_mirror_takes_the_place_of_its_registry_and_of_no_other() -> None:
    source = ImageSource(pins=PINS, mirrors={"quay.io": MIRROR})

    assert source.reference("webhook") == f"{MIRROR}/jetstack/webhook:v1"
    assert source.image("webhook").registry == "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
    assert source.reference("kubectl") == PINS["kubectl"]
    assert source.mirrored("quay.io/other/tool:2") == f"{MIRROR}/other/tool:2"


def test_a_mirror_without_a_folder_replaces_the_host_alone() -> None:
    source = ImageSource(pins=PINS, mirrors={"quay.io": "mirror.example.org"})

    assert source.reference("webhook") == "mirror.example.org/jetstack/webhook:v1"


def test_an_image_that_nobody_pinned_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="name exporter"):
        ImageSource(pins=PINS, mirrors={}).image("exporter")
