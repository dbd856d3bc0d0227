package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.EngineOptions.Runtimes;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.log.LogOptionCheck;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.spec.Defaults;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.engine.spec.Requirements;
import dev.gantry.engine.spec.Validation;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.oci.image.Execution;
import dev.gantry.store.Durable;
import dev.gantry.store.Lease;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// From a create request to a container on the disk.
final class Creation {
    private final ContainerRoots roots;
    private final ContainerNames names;
    private final HostFacts facts;
    private final ImageLeases images;
    private final DaemonDefaults defaults;
    private final Launcher launcher;

    /// What the daemon was told for all containers.
    ///
    /// @param remapped whether containers have user namespaces unless they say otherwise
    record DaemonDefaults(Map<String, String> logOptions, boolean init, boolean remapped, Runtimes runtimes) {}

    Creation(
            ContainerRoots roots,
            ContainerNames names,
            HostFacts facts,
            ImageLeases images,
            DaemonDefaults defaults,
            Launcher launcher) {
        this.roots = roots;
        this.names = names;
        this.facts = facts;
        this.images = images;
        this.defaults = defaults;
        this.launcher = launcher;
    }

    /// A container that was made, and what its user is to be told.
    record Made(Container container, List<String> warnings) {}

    /// What a request comes to, before anything is made of it.
    ///
    /// @param definition has a name only when the request has one
    record Judged(Definition definition, List<String> warnings) {}

    /// Makes a container; nothing is left behind when it throws.
    Made create(CreateRequest request) {
        Lease lease = images.take(request.config().image(), request.platform());
        boolean made = false;
        try {
            Judged judged = judge(request, lease);
            Definition definition = named(judged.definition());
            try {
                Container container = write(definition, lease);
                made = true;
                return new Made(container, judged.warnings());
            } finally {
                if (!made) {
                    names.release(definition.id(), definition.name());
                }
            }
        } finally {
            if (!made) {
                lease.close();
            }
        }
    }

    /// Fills in the image's values and the defaults, and judges the result.
    Judged judge(CreateRequest request, Lease lease) {
        Requirements.check(request.config());
        checkNamespaces(request.host());
        Validation.checkConflicts(request.config(), request.host());
        String id = names.newId();
        Execution image = lease.config().config() == null
                ? Execution.empty()
                : lease.config().config();
        HostConfig host = Defaults.host(
                request.host(),
                defaults.logOptions(),
                defaults.init(),
                defaults.runtimes().byDefault());
        ContainerConfig config = Defaults.container(request.config(), image, hostname(host, id));
        List<String> warnings = new Validation(facts, defaults.remapped(), defaults.runtimes())
                .check(config, host, request.networking());
        LogOptionCheck.check(host.logConfig());
        MountRequests.requireSources(MountRequests.of(config, host));
        String name = request.name() == null ? "" : request.name();
        Definition definition = new Definition(
                id,
                name,
                Instant.now(),
                lease.imageId(),
                lease.config().platform().os(),
                config,
                host);
        // for their judgement only
        LogSettings _ = definition.logSettings();
        return new Judged(definition, warnings);
    }

    /// A container whose namespaces are shared must exist.
    private void checkNamespaces(HostConfig host) {
        for (String mode : List.of(
                host.namespaces().pidMode(),
                host.namespaces().ipcMode(),
                host.network().networkMode())) {
            String prefix = "container:";
            if (mode.startsWith(prefix) && mode.length() > prefix.length()) {
                try {
                    String _ = names.find(mode.substring(prefix.length()));
                } catch (NotFound e) {
                    throw new Invalid(String.valueOf(e.getMessage()), e);
                }
            }
        }
    }

    private static String hostname(HostConfig host, String id) {
        boolean hosts = host.namespaces().utsMode().equals("host")
                || host.network().networkMode().equals("host");
        if (!hosts) {
            return id.substring(0, 12);
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new Failed("/proc/sys/kernel/hostname: " + e.getMessage(), e);
        }
    }

    private Definition named(Definition definition) {
        String name = definition.name().isEmpty()
                ? names.takeAny(definition.id())
                : names.take(definition.name(), definition.id());
        return definition.withName(name);
    }

    private Container write(Definition definition, Lease lease) {
        ContainerFiles files = roots.of(definition.id());
        try {
            files.create();
            NameFiles.write(files, definition.config(), definition.host());
            if (definition.hasVolumes()) {
                files.announce(definition);
            }
            launcher.makeVolumes(definition, files, lease);
            files.write(definition);
            Durable.syncDirectory(roots.durable());
            return new Container(definition, LifeCycle.Created.FRESH, Restarts.NONE, files, lease);
        } catch (IOException e) {
            IOException why = FullDisk.explained(e, files.directory());
            throw undone(definition, new Failed("container " + definition.id() + ": " + why.getMessage(), why));
        } catch (EngineException e) {
            throw undone(definition, e);
        }
    }

    private EngineException undone(Definition definition, EngineException failure) {
        try {
            launcher.removeVolumes(definition);
            roots.of(definition.id()).delete();
        } catch (IOException again) {
            failure.addSuppressed(again);
        }
        return failure;
    }
}
