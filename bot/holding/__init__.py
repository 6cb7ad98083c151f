"""What stops everything: what a hold covers and lets through, looked at before, dealt with after."""
