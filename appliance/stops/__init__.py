"""From fixes and the driver's words to stops. Pure: no clock, no file, no journal in here."""
