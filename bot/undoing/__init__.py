"""What is done to posts that are out: taken back, corrected, demanded back by authorities."""
