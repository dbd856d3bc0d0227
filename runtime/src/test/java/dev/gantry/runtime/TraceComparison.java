package dev.gantry.runtime;

import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.render.Rendering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares what is explained with what strace(1) has seen.
record TraceComparison(Trace trace, LaunchPlan plan) {
    /// The program's calls.
    ///
    /// @param lines of the shim, from its execve on
    /// @param seen told the calls that were made
    void program(List<Explanation.Step> steps, List<Trace.Line> lines, Set<Integer> seen) {
        List<Explanation.Step> own = steps.subList(daemonSteps(steps).size(), steps.size());
        Map<Integer, Explanation.Step> byCall = new HashMap<>();
        positionsIn(plan).forEach((call, position) -> byCall.put(call, own.get(position)));
        new Walk(plan.program(), byCall, trace, seen).follow(lines.subList(1, lines.size()));
    }

    /// The daemon's calls.
    ///
    /// @param lines of the daemon's thread
    /// @param shim those of the shim, which begin with its execve
    static void daemon(List<Explanation.Step> steps, List<Trace.Line> lines, List<Trace.Line> shim) {
        Map<String, Long> values = ExpectedLine.noValues();
        int next = 0;
        for (Explanation.Step step : daemonSteps(steps)) {
            boolean executes = step.call().equals("execve");
            List<Trace.Line> candidates = executes ? shim : lines.subList(next, lines.size());
            values.remove(step.result());
            int found = 0;
            while (found < candidates.size() && !ExpectedLine.matches(step, candidates.get(found), values)) {
                found++;
            }
            if (found == candidates.size()) {
                throw new AssertionError("not traced: " + step.line());
            }
            next += executes ? 0 : found + 1;
            if (!step.result().isEmpty()) {
                values.put(step.result(), candidates.get(found).value(-1));
            }
        }
    }

    static List<Explanation.Step> daemonSteps(List<Explanation.Step> steps) {
        return steps.stream().filter(step -> step.process().equals("daemon")).toList();
    }

    static List<Explanation.Step> alter(List<Explanation.Step> steps, int position) {
        Explanation.Step step = steps.get(position);
        List<Explanation.Step> altered = new ArrayList<>(steps);
        altered.set(
                position,
                new Explanation.Step(
                        step.process(),
                        step.call(),
                        "x" + step.arguments(),
                        step.result(),
                        step.conditions(),
                        step.what(),
                        step.why()));
        return altered;
    }

    /// Where the program's calls are among its steps: those that can never be made are not explained.
    static Map<Integer, Integer> positionsIn(LaunchPlan plan) {
        var rendered = Rendering.of(plan.program(), plan.descriptors());
        Map<Integer, Integer> positions = new HashMap<>();
        for (int i = 0; i < rendered.size(); i++) {
            positions.put(rendered.get(i).call().index(), i);
        }
        return positions;
    }
}
