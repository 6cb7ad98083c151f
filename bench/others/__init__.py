"""What a user would write or take instead: each of it run as its documentation recommends for this."""
