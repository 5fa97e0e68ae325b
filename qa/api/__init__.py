"""Programs ask what people ask: an OpenAI-compatible endpoint over the service."""
