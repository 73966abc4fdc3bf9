"""The agents' judgement, pure: inputs to messages, a reply to a typed value."""
