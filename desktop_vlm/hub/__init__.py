"""The Hugging Face hub: listing repositories, and downloads that resume, are verified, and can be stopped."""
