"""What everybody shares who asks: the parts opened once, one model in turns, articles, users."""
