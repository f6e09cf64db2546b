"""Tags of the templates of the fleet."""
