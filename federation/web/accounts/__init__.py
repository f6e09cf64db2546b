"""Who may come in: accounts, login, rights of persons. Opens no name without a right."""
