"""What Corridor writes once for authors to go on from: editions and papers."""
