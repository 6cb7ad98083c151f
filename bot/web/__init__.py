"""What the office shows to the web: pictures of approved posts, for platforms that fetch them."""
