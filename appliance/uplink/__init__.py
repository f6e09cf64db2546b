"""From the journals to the federation and back. Opens no device, writes no journal but its own."""
