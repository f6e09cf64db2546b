"""The federation's pages: Django over the web's own store, the ledger read-only. Knows no broker."""
