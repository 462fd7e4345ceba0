"""From a plan to a trained model: plan, presets, estimate, preflight, batching, loss, trainer, events."""
