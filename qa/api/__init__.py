"""Programs ask what people ask: OpenAI's protocol and MCP over one service."""
