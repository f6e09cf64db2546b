"""The federation's pages: Django over the web's store, the ledger read-only. Knows no broker."""
