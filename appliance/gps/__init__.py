"""From the bytes of a receiver to dated fixes. Refuses to know stops, journals or the network."""
