"""The unit without its screen: journals, clock, GPS, stops, panel, uplink. Shows nothing."""
