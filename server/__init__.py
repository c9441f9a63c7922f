"""Huanche (环车): a car dealership's work, held in the hands that do it."""
