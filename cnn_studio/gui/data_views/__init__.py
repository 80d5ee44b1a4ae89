"""What the data panel is put together from: lists of steps with pictures of what they do."""
