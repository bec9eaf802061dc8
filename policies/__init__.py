"""Rules that every stack of the project must satisfy, and the Pulumi policy pack made of them."""
