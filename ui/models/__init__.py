"""What the screen decides, as pure functions: no Kivy, no journal, no clock in here."""
