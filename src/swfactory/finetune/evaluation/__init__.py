"""Evaluation: suites measured on a base and an adapted model, in pairs, with intervals; see ``evaluate``."""

from swfactory.finetune.evaluation.runner import EvaluationConditions, Progress, Scored, evaluate

__all__ = ["EvaluationConditions", "Progress", "Scored", "evaluate"]
