"""What the driver sees, in night colours, for gloves."""
