"""Every word people see, by key and by language. No screen holds a literal."""
