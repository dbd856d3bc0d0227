package dev.gantry.daemon;

import dev.gantry.api.ApiOptions;
import dev.gantry.api.ApiServer;
import dev.gantry.api.Listener;
import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.host.HostEngine;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The daemon's life: configuration in, server out, until a signal ends it.
final class Daemon {
    private static final Logger LOGGER = System.getLogger(Daemon.class.getName());
    private static final List<String> GROUPS = List.of("docker", "gantry");

    private final BlockingQueue<String> signals = new LinkedBlockingQueue<>();
    private Settings settings;

    Daemon(Settings settings) {
        this.settings = settings;
    }

    /// Runs until SIGTERM or SIGINT, then returns. Containers go on, unless they are to be stopped.
    void run() throws UsageException, IOException, InterruptedException {
        long begin = System.nanoTime();
        Logging.start(settings.isOn(Options.DEBUG), settings.text("log-level"));
        HostChecks.require();
        Cryptography.install();
        settings.warnings().forEach(Daemon::warn);
        HostChecks.warnings().forEach(Daemon::warn);
        for (String name : List.of("TERM", "INT", "HUP")) {
            Signals.on(name, () -> signals.add(name));
        }
        List<Listener> listeners = settings.listeners(group());
        prepareDirectories(listeners);
        String pidPath = settings.text("pidfile");
        try (PidFile _ = pidPath == null ? null : PidFile.write(Path.of(pidPath));
                Engine engine = HostEngine.open(engineOptions(settings));
                ApiServer server = new ApiServer(engine, apiOptions())) {
            server.start(listeners);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            LOGGER.log(Level.INFO, "daemon has completed initialization in {0} ms", Long.toString(millis));
            obeySignals(engine);
        }
        LOGGER.log(Level.INFO, "daemon shutdown complete");
    }

    /// Closing happens in reverse: no new requests, then the containers, then the PID file.
    private void obeySignals(Engine engine) throws InterruptedException {
        while (true) {
            String signal = signals.take();
            if (!signal.equals("HUP")) {
                LOGGER.log(Level.INFO, "SIG{0}: stopping; {1}", signal, fateOfContainers());
                // a second signal does not wait for anybody
                Signals.on(signal, () -> Runtime.getRuntime().halt(1));
                return;
            }
            reload(engine);
        }
    }

    private String fateOfContainers() {
        String timeout = settings.text("shutdown-timeout");
        return settings.isOn(Options.LIVE_RESTORE, true)
                ? "running containers go on, and the next daemon takes them back"
                : "running containers are stopped, at most " + (timeout == null ? "15" : timeout) + " s for each";
    }

    /// What can change without a restart, which is named, as dockerd does; all of it or, after an error, nothing.
    private void reload(Engine engine) {
        try {
            Settings changed = settings.reread();
            engine.registries().configure(RegistrySettings.read(changed, System.getenv()));
            settings = changed;
            Logging.level(settings.isOn(Options.DEBUG), settings.text("log-level"));
            LOGGER.log(
                    Level.INFO,
                    "reloaded {0}: debug, log-level, insecure-registries, registry-mirrors and proxies are in effect",
                    settings.configFile());
        } catch (UsageException | IOException e) {
            LOGGER.log(Level.ERROR, "reload of {0}: {1}", settings.configFile(), e.getMessage());
        }
    }

    private static void warn(String text) {
        LOGGER.log(Level.WARNING, text);
    }

    private @Nullable String group() {
        String given = settings.text("group");
        if (given != null) {
            return given;
        }
        var principals = FileSystems.getDefault().getUserPrincipalLookupService();
        for (String name : GROUPS) {
            try {
                Object _ = principals.lookupPrincipalByGroupName(name);
                return name;
            } catch (IOException _) {
                // no such group: the next one, or root alone
            }
        }
        return null;
    }

    /// The exec root is 0711: the socket in it is for its group, the rest for root (moby CVE-2021-41091).
    private void prepareDirectories(List<Listener> listeners) throws IOException {
        Files.createDirectories(
                settings.execRoot(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        for (Listener listener : listeners) {
            if (listener instanceof Listener.Unix(var path, var _) && path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
        }
    }

    private static EngineOptions engineOptions(Settings settings) throws UsageException {
        String driver = settings.text("log-driver");
        if (driver != null && !driver.equals("json-file")) {
            throw new UsageException("--log-driver " + driver + ": only json-file is supported");
        }
        return new EngineOptions(
                settings.dataRoot(),
                settings.execRoot(),
                settings.cgroupParent(),
                settings.list("label"),
                settings.isOn("init"),
                settings.pairs("default-ulimit"),
                settings.pairs("log-opt"),
                settings.shutdownTimeout(),
                settings.isOn(Options.LIVE_RESTORE, true),
                version(),
                settings.isOn(Options.DEBUG),
                remapping(settings.text("userns-remap")),
                Runtimes.ofHost().read(settings.list("add-runtime"), settings.text("default-runtime")),
                RegistrySettings.read(settings, System.getenv()));
    }

    private static EngineOptions.@Nullable UserRemapping remapping(@Nullable String asked) throws UsageException {
        return asked == null || asked.isEmpty() ? null : SubordinateIds.ofHost(asked);
    }

    private static ApiOptions apiOptions() {
        return new ApiOptions(
                version(), System.getProperty("gantry.commit", "unknown"), System.getProperty("gantry.built", ""));
    }

    static String version() {
        return "0.1.0";
    }
}
