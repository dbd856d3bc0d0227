package dev.gantry.engine.explain;

import dev.gantry.engine.view.ExplanationView;
import dev.gantry.runtime.explain.Explanation;

/// From the runtime's explanations to what the API tells.
public final class ExplanationViews {
    private ExplanationViews() {}

    public static ExplanationView of(Explanation explanation) {
        return new ExplanationView(
                explanation.steps().stream()
                        .map(step -> new ExplanationView.Step(
                                step.process(),
                                step.call(),
                                step.arguments(),
                                step.result(),
                                step.conditions(),
                                step.what(),
                                step.why()))
                        .toList(),
                explanation.toText());
    }
}
