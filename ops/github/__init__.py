"""What the project writes on GitHub, through its REST API: comments on pull requests, issues on drift."""
