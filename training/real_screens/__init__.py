"""Full screens of real programs, which no training image shows, and questions that a person checked by looking."""
