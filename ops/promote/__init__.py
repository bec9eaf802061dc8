"""From one environment to the next: what was attested in one is released in another, as it was approved."""
