package dev.gantry.engine.container;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.EndpointSettings;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.health.Health;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.spec.SpecBuilder;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.StateRecord;
import dev.gantry.engine.time.Timestamps;
import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.ContainerView;
import dev.gantry.engine.view.MountPoint;
import dev.gantry.engine.volume.ContainerVolumes;
import dev.gantry.engine.volume.VolumeNames;
import dev.gantry.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What inspect and lists show of a container.
final class Inspection {
    private static final String DRIVER = "overlay2";

    private final Function<String, List<String>> execs;
    private final ImageLeases images;
    private final ContainerVolumes volumes;

    /// @param execs the IDs of the execs that run in a container
    Inspection(Function<String, List<String>> execs, ImageLeases images, ContainerVolumes volumes) {
        this.execs = execs;
        this.images = images;
        this.volumes = volumes;
    }

    ContainerView view(Container container, @Nullable DiskUse use) {
        Definition definition = container.definition();
        HostConfig host = definition.host();
        ContainerFiles files = container.files();
        List<String> command = SpecBuilder.command(definition.config());
        List<String> running = execs.apply(definition.id());
        return new ContainerView(
                definition.id(),
                Timestamps.nano(definition.created()),
                command.getFirst(),
                command.subList(1, command.size()),
                state(container),
                definition.image().toString(),
                files.resolvConf().toString(),
                files.hostname().toString(),
                files.hosts().toString(),
                container.log().path(),
                "/" + definition.name(),
                container.restarts().count(),
                DRIVER,
                definition.platform(),
                "",
                "",
                "",
                running.isEmpty() ? null : running,
                host,
                graphDriver(container),
                use == null ? null : use.own(),
                use == null ? null : use.own() + use.image(),
                mounts(container),
                definition.config(),
                ContainerView.NetworkSettings.unaddressed(definition.id(), "", networks(host)));
    }

    /// Docker's way to show a command in one line: arguments with a space are quoted, whatever else is in them.
    private static String commandLine(ContainerConfig config) {
        var words = new ArrayList<String>();
        for (String word : SpecBuilder.command(config)) {
            words.add(!words.isEmpty() && word.contains(" ") ? "'" + word + "'" : word);
        }
        return String.join(" ", words);
    }

    private static ContainerView.State state(Container container) {
        LifeCycle state = container.state();
        StateRecord record = StateRecord.of(state);
        return new ContainerView.State(
                state.status(),
                state.isRunning(),
                state instanceof LifeCycle.Paused,
                state instanceof LifeCycle.Restarting,
                record.outOfMemory(),
                state instanceof LifeCycle.Dead,
                record.pid(),
                record.exitCode(),
                record.error(),
                Timestamps.nano(record.startedAt()),
                Timestamps.nano(record.finishedAt()),
                container.health().current().map(Inspection::health).orElse(null));
    }

    private static ContainerView.Health health(Health health) {
        return new ContainerView.Health(
                health.status().word(),
                health.failingStreak(),
                health.log().stream()
                        .map(each -> new ContainerView.HealthResult(
                                Timestamps.nano(each.start()),
                                Timestamps.nano(each.end()),
                                each.exitCode(),
                                each.output()))
                        .toList());
    }

    /// For people, with the health of what runs.
    static String status(Container container, Instant now) {
        LifeCycle state = container.state();
        Optional<Health> health =
                state instanceof LifeCycle.Running ? container.health().current() : Optional.empty();
        return state.summary(now)
                + health.map(known -> " (" + known.status().shown() + ")").orElse("");
    }

    private static ContainerView.GraphDriver graphDriver(Container container) {
        ContainerFiles files = container.files();
        String lower =
                container.lease().layerTrees().stream().map(Path::toString).collect(Collectors.joining(":"));
        return new ContainerView.GraphDriver(
                Map.of(
                        "LowerDir", lower,
                        "UpperDir", files.upper().toString(),
                        "WorkDir", files.work().toString()),
                DRIVER);
    }

    List<MountPoint> mounts(Container container) {
        return container.definition().mounts().stream()
                .map(plan -> mount(container, plan))
                .toList();
    }

    private MountPoint mount(Container container, MountPlan plan) {
        return switch (plan) {
            case MountPlan.Bind bind ->
                new MountPoint(
                        "bind",
                        null,
                        bind.source(),
                        bind.target(),
                        null,
                        bind.mode(),
                        !bind.options().readOnly(),
                        bind.options().propagation());
            case MountPlan.Tmpfs tmpfs ->
                new MountPoint(
                        "tmpfs",
                        null,
                        "",
                        tmpfs.target(),
                        null,
                        "",
                        !tmpfs.options().contains("ro"),
                        "");
            case MountPlan.Volume volume ->
                new MountPoint(
                        "volume",
                        VolumeNames.of(container.id(), volume),
                        volumes.mountpoint(container.id(), volume).toString(),
                        volume.target(),
                        "local",
                        volume.mode(),
                        !volume.readOnly(),
                        "");
        };
    }

    static Map<String, EndpointSettings> networks(HostConfig host) {
        String mode = host.network().networkMode();
        if (mode.startsWith("container:")) {
            return Map.of();
        }
        String id =
                Digest.of(("network " + mode).getBytes(StandardCharsets.UTF_8)).hex();
        return Map.of(mode, EndpointSettings.unaddressed(id));
    }

    ContainerSummary summary(Container container, @Nullable DiskUse use, Instant now) {
        Definition definition = container.definition();
        LifeCycle state = container.state();
        ContainerConfig config = definition.config();
        return new ContainerSummary(
                definition.id(),
                List.of("/" + definition.name()),
                image(definition),
                definition.image().toString(),
                commandLine(config),
                definition.created().getEpochSecond(),
                ports(config),
                use == null ? null : use.own(),
                use == null ? null : use.own() + use.image(),
                config.labels(),
                state.status(),
                status(container, now),
                new ContainerSummary.HostSummary(
                        definition.host().network().networkMode(),
                        definition.host().annotations()),
                new ContainerSummary.Networks(networks(definition.host())),
                mounts(container));
    }

    /// The name by which the container was made, as long as it means the container's image.
    private String image(Definition definition) {
        String name = definition.config().image();
        return images.isMeant(name, definition.image())
                ? name
                : definition.image().toString();
    }

    /// The exposed ports, of a container that runs.
    private static List<ContainerSummary.Port> ports(ContainerConfig config) {
        return config.exposedPorts().keySet().stream()
                .map(text -> text.split("/", 2))
                .filter(parts -> parts[0].matches("[0-9]{1,5}"))
                .map(parts ->
                        new ContainerSummary.Port(Integer.parseInt(parts[0]), parts.length > 1 ? parts[1] : "tcp"))
                .toList();
    }
}
