"""Adapters made into what others serve: llama.cpp files, merged weights, quantised weights, each proved first."""
