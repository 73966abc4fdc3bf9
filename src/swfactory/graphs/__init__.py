"""LangGraph state machines: state, nodes, routing and topologies."""
