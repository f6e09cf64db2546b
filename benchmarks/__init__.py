"""What is measured, each a ratio in one run; docs/figures.md quotes what these print."""
