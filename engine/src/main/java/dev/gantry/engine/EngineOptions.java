package dev.gantry.engine;

import dev.gantry.oci.runtime.IdMapping;
import dev.gantry.registry.RegistryConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an engine is opened.
///
/// @param dataRoot durable state; owned by one engine at a time
/// @param execRoot run-time state, gone with the next boot
/// @param cgroupParent the cgroup that containers lie beneath, for example `/gantry`
/// @param labels of the daemon, `name=value`
/// @param init whether containers get an init unless they say otherwise
/// @param defaultUlimits by name, `soft[:hard]`
/// @param logOptions of the json-file driver, for containers without their own
/// @param shutdownTimeout how long containers may take to stop when the engine is closed
/// @param liveRestore whether containers run on when the engine is closed, for the next one to take them back
/// @param version Gantry's own, as users read it
/// @param debug whether the daemon runs in debug mode; reported only
/// @param userRemapping whom the users of containers are on the host; null is the same
/// @param runtimes that containers may choose
/// @param registries what is special about some of them
public record EngineOptions(
        Path dataRoot,
        Path execRoot,
        String cgroupParent,
        List<String> labels,
        boolean init,
        Map<String, String> defaultUlimits,
        Map<String, String> logOptions,
        Duration shutdownTimeout,
        boolean liveRestore,
        String version,
        boolean debug,
        @Nullable UserRemapping userRemapping,
        Runtimes runtimes,
        Registries registries) {
    public EngineOptions {
        labels = List.copyOf(labels);
        defaultUlimits = Map.copyOf(defaultUlimits);
        logOptions = Map.copyOf(logOptions);
    }

    /// The ranges of the host's IDs that stand for those of containers.
    public record UserRemapping(List<IdMapping> uids, List<IdMapping> gids) {
        public UserRemapping {
            uids = List.copyOf(uids);
            gids = List.copyOf(gids);
            if (uids.isEmpty() || gids.isEmpty()) {
                throw new IllegalArgumentException("a remapping needs ranges of users and of groups");
            }
        }

        /// Whom root is on the host.
        public long rootUid() {
            return root(uids);
        }

        /// Root's group on the host.
        public long rootGid() {
            return root(gids);
        }

        private static long root(List<IdMapping> ranges) {
            return ranges.stream()
                    .filter(range -> range.containerId() == 0)
                    .mapToLong(IdMapping::hostId)
                    .findFirst()
                    .orElse(0);
        }
    }

    /// What an administrator says about registries.
    ///
    /// @param insecure `host[:port]` or networks that may be spoken to without TLS, beside this host itself
    /// @param mirrors of docker.io, which are asked before it
    /// @param environment where proxies and certificates are named: `HTTP_PROXY`, `HTTPS_PROXY`,
    ///     `NO_PROXY`, `SSL_CERT_FILE`
    public record Registries(List<String> insecure, List<URI> mirrors, Map<String, String> environment) {
        public static final Registries NOTHING_SPECIAL = new Registries(List.of(), List.of(), Map.of());

        /// @throws IllegalArgumentException naming what is no registry or mirror, with Docker's text
        public Registries {
            RegistryConfig.check(insecure, mirrors);
            insecure = List.copyOf(insecure);
            mirrors = List.copyOf(mirrors);
            environment = Map.copyOf(environment);
        }

        /// Without the environment, in which there may be passwords.
        @Override
        public String toString() {
            return "Registries[insecure=%s, mirrors=%s]".formatted(insecure, mirrors);
        }
    }

    /// The runtimes that containers may choose: Gantry's own, and others.
    ///
    /// @param byDefault the name of that of containers which choose none
    /// @param others by name
    public record Runtimes(String byDefault, Map<String, Program> others) {
        /// The name of Gantry's own.
        public static final String OWN = "gantry";

        public static final Runtimes NO_OTHER = new Runtimes(OWN, Map.of());

        public Runtimes {
            others = Map.copyOf(others);
        }

        /// A program with the command line of runc.
        ///
        /// @param path absolute
        /// @param arguments what it gets before the command
        public record Program(String path, List<String> arguments) {
            public Program {
                arguments = List.copyOf(arguments);
            }
        }

        /// Whether a container can choose that name.
        public boolean contains(String name) {
            return name.equals(OWN) || others.containsKey(name);
        }
    }

    /// The defaults for a data root and an exec root; containers end with the engine.
    public static EngineOptions of(Path dataRoot, Path execRoot) {
        return new EngineOptions(
                dataRoot,
                execRoot,
                "/gantry",
                List.of(),
                false,
                Map.of(),
                Map.of(),
                Duration.ofSeconds(15),
                false,
                "0.1.0",
                false,
                null,
                Runtimes.NO_OTHER,
                Registries.NOTHING_SPECIAL);
    }
}
