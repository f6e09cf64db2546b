"""The unit without its screen: journal, clock, GPS, stops, panel, uplink, housekeeping. Never imports the screen or the federation."""
