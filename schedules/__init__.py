"""When: calendar readers, occasions, lunar days, campaigns, planner and clock."""
