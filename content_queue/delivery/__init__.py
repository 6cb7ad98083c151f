"""What moves a delivery: claim, prepare, dispatch, reconcile, measure; deciding stands apart in `decide`."""
