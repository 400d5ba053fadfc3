"""What `desktop-vlm bench` measures, and how it shows it."""
