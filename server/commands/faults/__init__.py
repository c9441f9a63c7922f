"""Everything that can go wrong between a device and the house, made to go wrong."""
