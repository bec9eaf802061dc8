"""What a pull request would change in every environment, as one comment; and baselines that strangers may see."""
