"""What members and officers see."""
