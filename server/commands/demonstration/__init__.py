"""The demonstration dealership: two stores, their people, and a week of work done by the real verbs."""
