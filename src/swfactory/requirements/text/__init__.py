"""What holds of the text of any requirement: its sentences, what they tell apart, and the values they state."""
