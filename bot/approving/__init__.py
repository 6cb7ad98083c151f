"""Who says yes: rules, who stands in for whom, and the second eye on what could not wait."""
