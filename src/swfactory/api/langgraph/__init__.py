"""The dialect of LangGraph's server, so that the unmodified ``langgraph_sdk`` client works with the factory.

A thread is a run of the factory; each time that it is set going (started, answered at a gate, resumed, forked) is a
run of the dialect. Every run of the factory is a thread, those that other doors started too.

``router`` can be included at the root beside the native ``/runs`` routes, or under a prefix such as ``/langgraph``; it
has no path that the native API has. That is why the stateless ``POST /runs`` is left out, which the native API has for
itself: use a thread, or the stateless ``POST /runs/stream`` and ``POST /runs/wait``. Also left out are what a factory
has no use for (crons, the key-value store, assistants of one's own) and the second protocol of ``threads.stream``.
"""

from swfactory.api.langgraph.routes import router

__all__ = ["router"]
