"""Who a unit is: keys, registry, bundles, certificates, the broker's files. Stores no event."""
