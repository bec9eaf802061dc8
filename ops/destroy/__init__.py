"""The end of an environment: what goes in which order, what is left in AWS behind Pulumi's back, and what must stay."""
