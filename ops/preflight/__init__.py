"""What must hold before an update of an environment: asked of AWS and registries, from the evaluated program."""
