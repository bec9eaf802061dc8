"""Reusable Pulumi components: one capability per file or small package, none of which knows an environment by name."""
