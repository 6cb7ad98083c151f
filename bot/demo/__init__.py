"""The demonstration: a province in a temporary folder, one minute of its work, everything real but the platforms."""
