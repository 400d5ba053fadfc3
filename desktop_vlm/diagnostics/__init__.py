"""What the commands `doctor` and `bench` find out and measure."""
