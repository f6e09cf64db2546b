"""The receiving end: ingest, ledger, fleet status. Never imports the appliance."""
