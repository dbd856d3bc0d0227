package dev.gantry.engine.system;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.EngineOptions.Runtimes;
import dev.gantry.engine.SystemInformation;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.time.Timestamps;
import dev.gantry.engine.view.SystemView;
import dev.gantry.engine.view.SystemView.Commit;
import dev.gantry.engine.view.SystemView.Counts;
import dev.gantry.engine.view.SystemView.Daemon;
import dev.gantry.engine.view.SystemView.Drivers;
import dev.gantry.engine.view.SystemView.Index;
import dev.gantry.engine.view.SystemView.Limits;
import dev.gantry.engine.view.SystemView.Plugins;
import dev.gantry.engine.view.SystemView.Registry;
import dev.gantry.engine.view.SystemView.RuntimeItem;
import dev.gantry.engine.view.SystemView.Swarm;
import dev.gantry.engine.view.SystemView.Unsupported;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import dev.gantry.registry.ProxySettings;
import dev.gantry.registry.RegistryConfig;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `info` of an engine on this host.
public final class HostInformation implements SystemInformation {
    /// Docker's name for overlay mounts of a directory for each layer.
    public static final String STORAGE_DRIVER = "overlay2";

    private static final Commit NONE = new Commit("");

    private final EngineOptions options;
    private final Supplier<EngineOptions.Registries> registries;
    private final HostFacts facts;
    private final String id;
    private final CgroupControllers cgroups;
    private final Supplier<Counts> counts;
    private final IntSupplier listeners;

    private HostInformation(
            EngineOptions options,
            Supplier<EngineOptions.Registries> registries,
            HostFacts facts,
            Supplier<Counts> counts,
            IntSupplier listeners) {
        this.options = options;
        this.registries = registries;
        this.facts = facts;
        this.counts = counts;
        this.listeners = listeners;
        id = EngineId.of(options.dataRoot());
        cgroups = Machine.cgroups();
    }

    /// Reads what does not change while the engine runs. The data root must be there.
    ///
    /// @param registries what is special about them at the moment, asked at each [#view] as the counts are
    /// @param listeners how many read events at the moment
    /// @throws dev.gantry.engine.EngineException.Failed when the ID can be neither read nor written
    public static HostInformation open(
            EngineOptions options,
            Supplier<EngineOptions.Registries> registries,
            HostFacts facts,
            Supplier<Counts> counts,
            IntSupplier listeners) {
        return new HostInformation(options, registries, facts, counts, listeners);
    }

    @Override
    public String kernelVersion() {
        return Machine.kernelVersion();
    }

    @Override
    public String architecture() {
        return Platform.host().architecture();
    }

    @Override
    public SystemView view() {
        Limits limits = cgroups.limits(Machine.forwardsIpv4());
        return new SystemView(
                id,
                counts.get(),
                drivers(),
                limits,
                Machine.describe(facts.cpus()),
                daemon(),
                warnings(limits),
                unsupported());
    }

    private Drivers drivers() {
        return new Drivers(
                STORAGE_DRIVER,
                List.of(List.of("Backing Filesystem", backingFileSystem()), List.of("userxattr", "false")),
                options.dataRoot().toString(),
                new Plugins(List.of(), List.of("host", "null"), List.of(), List.of("json-file", "local")),
                "json-file",
                "cgroupfs",
                cgroups.version());
    }

    private String backingFileSystem() {
        try {
            return Files.getFileStore(options.dataRoot()).type();
        } catch (IOException _) {
            // shown to people only
            return "<unknown>";
        }
    }

    private Daemon daemon() {
        EngineOptions.Registries special = registries.get();
        Map<String, String> environment = special.environment();
        return new Daemon(
                options.debug(),
                Machine.descriptors(),
                Machine.threads(),
                Timestamps.nano(Instant.now()),
                listeners.getAsInt(),
                "https://index.docker.io/v1/",
                registries(special),
                ProxySettings.masked(environment, "HTTP_PROXY"),
                ProxySettings.masked(environment, "HTTPS_PROXY"),
                ProxySettings.exceptions(environment),
                options.labels(),
                false,
                options.version(),
                runtimes(),
                options.runtimes().byDefault(),
                new Swarm("", "", "inactive", false, ""),
                options.liveRestore(),
                "",
                "gantry (built in)",
                NONE,
                NONE,
                NONE,
                securityOptions(),
                List.of());
    }

    private Map<String, RuntimeItem> runtimes() {
        Map<String, RuntimeItem> runtimes = new TreeMap<>();
        runtimes.put(Runtimes.OWN, new RuntimeItem(Runtimes.OWN, List.of()));
        options.runtimes()
                .others()
                .forEach((name, program) -> runtimes.put(name, new RuntimeItem(program.path(), program.arguments())));
        return runtimes;
    }

    private static Registry registries(EngineOptions.Registries special) {
        List<String> mirrors = special.mirrors().stream()
                .map(each -> each.toString().endsWith("/") ? each.toString() : each + "/")
                .toList();
        Map<String, Index> indexes = new TreeMap<>();
        List<String> networks = new ArrayList<>();
        for (String insecure : special.insecure()) {
            if (insecure.indexOf('/') >= 0) {
                networks.add(insecure);
            } else {
                indexes.put(insecure, new Index(insecure, List.of(), false, false));
            }
        }
        networks.addAll(RegistryConfig.LOOPBACK);
        String hub = ImageReference.DEFAULT_DOMAIN;
        indexes.put(hub, new Index(hub, mirrors, true, true));
        return new Registry(networks, indexes, mirrors);
    }

    private List<String> securityOptions() {
        List<String> enabled = new ArrayList<>();
        if (!facts.appArmorProfile().isEmpty()) {
            enabled.add("name=apparmor");
        }
        enabled.add("name=seccomp,profile=builtin");
        if (Machine.hasCgroupNamespaces()) {
            enabled.add("name=cgroupns");
        }
        if (options.userRemapping() != null) {
            enabled.add("name=userns");
        }
        return enabled;
    }

    private List<String> warnings(Limits limits) {
        List<String> warnings = new ArrayList<>(CgroupControllers.warnings(limits, cgroups.version()));
        AppArmor appArmor = Machine.appArmor();
        if (appArmor.on() && !appArmor.loaded()) {
            warnings.add("WARNING: AppArmor is on, but the profile " + AppArmor.PROFILE
                    + " is not loaded: containers are not confined by it");
        }
        return warnings;
    }

    private static List<Unsupported> unsupported() {
        return Stream.concat(
                        Stream.of(UnsupportedFeature.values()).map(each -> new Unsupported(each.asked(), each.words())),
                        Stream.of(UnsupportedItem.values()).map(each -> new Unsupported(each.item(), each.words())))
                .toList();
    }
}
