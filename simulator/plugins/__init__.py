"""Provider plugins for the ordinary Pulumi CLI, answered by the simulated account instead of AWS."""
