"""The Pulumi program."""

from infra.environment import deploy

deploy()
