"""The demonstration: a province in a temporary folder, a minute of its work, all real but the platforms."""
