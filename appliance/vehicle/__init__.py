"""The vehicle process: clock, stops, duty and panel. Touches devices, never the network."""
