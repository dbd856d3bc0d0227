package dev.gantry.engine.check;

import dev.gantry.engine.Consistency;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.view.CheckView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The check of one engine; one at a time.
public final class HostConsistency implements Consistency {
    private static final System.Logger LOGGER = System.getLogger(HostConsistency.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Household household;
    private final ReentrantLock lock = new ReentrantLock();

    public HostConsistency(Household household) {
        this.household = household;
    }

    @Override
    public CheckView check(CheckOptions options) {
        lock.lock();
        try {
            Tally tally = new Tally();
            List<Finding> findings = new Looks(PATIENCE).at(parts(options.deep(), tally));
            List<CheckView.Finding> shown = new ArrayList<>();
            for (Finding each : findings) {
                shown.add(
                        options.repair()
                                ? mended(each)
                                : view(each, each.remedy().text(), "found"));
            }
            boolean agrees = shown.stream().allMatch(each -> each.outcome().equals("mended"));
            return new CheckView(agrees, shown, tally.view());
        } finally {
            lock.unlock();
        }
    }

    /// In the order in which they are best mended: what containers need before containers.
    private List<Part> parts(boolean deep, Tally tally) {
        List<Part> parts = new ArrayList<>();
        parts.add(new StorePart(household, deep, tally));
        parts.add(new VolumesPart(household));
        parts.add(new DirectoriesPart(household));
        parts.add(new RuntimePart(household));
        parts.add(new ExecsPart(household.execs(), tally));
        parts.add(new MountsPart(household.mountFreeRoots()));
        household.registry().newestFirst().forEach(each -> parts.add(new ContainerPart(household, each, tally)));
        return parts;
    }

    private static CheckView.Finding mended(Finding finding) {
        return switch (finding.remedy()) {
            case Remedy.Mend(String text, Remedy.Step step) -> {
                try {
                    step.run();
                    LOGGER.log(
                            Level.INFO,
                            "check of {0} {1}: {2}; done: {3}",
                            finding.kind().label(),
                            finding.subject(),
                            finding.problem(),
                            text);
                    yield view(finding, text, "mended");
                } catch (IOException | UncheckedIOException | EngineException e) {
                    yield view(finding, text + ": not done: " + e.getMessage(), "left");
                }
            }
            case Remedy.Advice(String text) -> view(finding, text, "left");
        };
    }

    private static CheckView.Finding view(Finding finding, String repair, String outcome) {
        return new CheckView.Finding(finding.kind().label(), finding.subject(), finding.problem(), repair, outcome);
    }
}
