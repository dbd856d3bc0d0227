package dev.gantry.engine.container;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.SpecBuilder;
import dev.gantry.engine.volume.ContainerVolumes;
import dev.gantry.runtime.ContainerRuntime;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// What containers are made with, and how the parts that do so are put together.
///
public record ContainerWiring(
        ContainerRoots roots,
        ContainerRuntime runtime,
        HostFacts facts,
        ImageLeases images,
        ContainerVolumes volumes,
        LifeEvents events) {
    /// Reads the containers that are there, and settles what an earlier daemon left. What runs is to be resumed.
    ///
    /// @param execs the IDs of the execs that run in a container
    /// @param healthChecks begins them for a run of a container
    public HostContainers open(
            EngineOptions options,
            ContainerNames names,
            Function<String, List<String>> execs,
            BiConsumer<Container, Run> healthChecks)
            throws IOException {
        var registry = new Registry(names);
        var recovery = new Recovery(roots, runtime, images, volumes);
        List<Recovery.Recovered> recovered = recovery.run();
        for (Recovery.Recovered each : recovered) {
            registry.admit(each.container());
        }
        var defaults = new Creation.DaemonDefaults(
                options.logOptions(), options.init(), options.userRemapping() != null, options.runtimes());
        var stopping = new Stopping(events);
        var removal = new Removal(registry, stopping, events, volumes, () -> roots.requireAllRead(names));
        var launcher = new Launcher(
                runtime,
                roots.execRoot(),
                new SpecBuilder(facts),
                new Launcher.DaemonDefaults(options.defaultUlimits(), options.userRemapping(), options.runtimes()),
                registry::get,
                volumes);
        var starting = new Starting(launcher, events, removal::removeAfterExit, healthChecks);
        var creation = new Creation(roots, names, facts, images, defaults, launcher);
        var parts = new HostContainers.ContainerParts(
                names,
                recovery,
                creation,
                new Explaining(runtime, creation, launcher, images, roots),
                launcher,
                starting,
                new AutomaticStarts(registry, starting),
                stopping,
                removal,
                new Updating(facts, events),
                new Inspection(execs, images, volumes),
                events);
        return new HostContainers(registry, parts, images, recovered);
    }
}
