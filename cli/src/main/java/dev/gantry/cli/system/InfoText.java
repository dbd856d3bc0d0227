package dev.gantry.cli.system;

import dev.gantry.cli.format.Human;
import dev.gantry.cli.json.JsonValue;
import java.util.List;
import java.util.stream.Collectors;

/// The daemon's part of `info`, in Docker's layout.
final class InfoText {
    private final JsonValue info;
    private final boolean debug;
    private final StringBuilder out = new StringBuilder();

    InfoText(JsonValue info, boolean debug) {
        this.info = info;
        this.debug = debug;
    }

    String text() {
        line(" Containers: " + info.number("Containers"));
        line("  Running: " + info.number("ContainersRunning"));
        line("  Paused: " + info.number("ContainersPaused"));
        line("  Stopped: " + info.number("ContainersStopped"));
        line(" Images: " + info.number("Images"));
        field(" Server Version:", "ServerVersion");
        field(" Storage Driver:", "Driver");
        pairs("  ", info.items("DriverStatus"));
        field(" Logging Driver:", "LoggingDriver");
        field(" Cgroup Driver:", "CgroupDriver");
        field(" Cgroup Version:", "CgroupVersion");
        plugins();
        line(" Swarm: " + info.get("Swarm").text("LocalNodeState"));
        runtimes();
        host();
        debugging();
        field(" HTTP Proxy:", "HttpProxy");
        field(" HTTPS Proxy:", "HttpsProxy");
        field(" No Proxy:", "NoProxy");
        list(" Labels:", info.get("Labels").texts());
        line(" Experimental: " + info.isTrue("ExperimentalBuild"));
        registries();
        line(" Live Restore Enabled: " + info.isTrue("LiveRestoreEnabled"));
        field(" Product License:", "ProductLicense");
        pools();
        unsupported();
        out.append('\n');
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void field(String label, String name) {
        if (!info.text(name).isEmpty()) {
            line(label + " " + info.text(name));
        }
    }

    private void list(String label, List<String> values) {
        if (!values.isEmpty()) {
            line(label);
            values.forEach(value -> line("  " + value));
        }
    }

    private void pairs(String indent, List<JsonValue> pairs) {
        for (JsonValue pair : pairs) {
            List<String> texts = pair.texts();
            if (texts.size() == 2) {
                line(indent + texts.getFirst() + ": " + texts.getLast());
            }
        }
    }

    private void plugins() {
        JsonValue plugins = info.get("Plugins");
        line(" Plugins:");
        line("  Volume: " + String.join(" ", plugins.get("Volume").texts()));
        line("  Network: " + String.join(" ", plugins.get("Network").texts()));
        if (!plugins.items("Authorization").isEmpty()) {
            line("  Authorization: "
                    + String.join(" ", plugins.get("Authorization").texts()));
        }
        line("  Log: " + String.join(" ", plugins.get("Log").texts()));
        list(" CDI spec directories:", info.get("CDISpecDirs").texts());
    }

    private void runtimes() {
        if (!info.get("Runtimes").members().isEmpty()) {
            line(" Runtimes: " + String.join(" ", info.get("Runtimes").members().keySet()));
            line(" Default Runtime: " + info.text("DefaultRuntime"));
        }
        if (!info.text("OSType").equals("linux")) {
            return;
        }
        line(" Init Binary: " + info.text("InitBinary"));
        line(" containerd version: " + info.get("ContainerdCommit").text("ID"));
        line(" runc version: " + info.get("RuncCommit").text("ID"));
        line(" init version: " + info.get("InitCommit").text("ID"));
        if (!info.items("SecurityOptions").isEmpty()) {
            line(" Security Options:");
            info.get("SecurityOptions").texts().forEach(this::securityOption);
        }
    }

    /// `name=seccomp,profile=builtin`
    private void securityOption(String option) {
        for (String part : option.split(",", -1)) {
            if (part.startsWith("name=")) {
                line("  " + part.substring("name=".length()));
            } else if (part.startsWith("profile=")) {
                line("   Profile: " + part.substring("profile=".length()));
            }
        }
    }

    private void host() {
        field(" Kernel Version:", "KernelVersion");
        field(" Operating System:", "OperatingSystem");
        field(" OSType:", "OSType");
        field(" Architecture:", "Architecture");
        line(" CPUs: " + info.number("NCPU"));
        line(" Total Memory: " + Human.binarySize(info.number("MemTotal")));
        field(" Name:", "Name");
        field(" ID:", "ID");
        line(" Docker Root Dir: " + info.text("DockerRootDir"));
    }

    private void debugging() {
        line(" Debug Mode: " + info.isTrue("Debug"));
        if (info.isTrue("Debug") || debug) {
            line("  File Descriptors: " + info.number("NFd"));
            line("  Goroutines: " + info.number("NGoroutines"));
            line("  System Time: " + info.text("SystemTime"));
            line("  EventsListeners: " + info.number("NEventsListener"));
        }
    }

    private void registries() {
        JsonValue registries = info.get("RegistryConfig");
        List<String> insecure = registries.get("IndexConfigs").members().values().stream()
                .filter(index -> !index.isTrue("Secure"))
                .map(index -> index.text("Name"))
                .collect(Collectors.toList());
        if (!registries.isNull() && !registries.get("IndexConfigs").members().isEmpty()) {
            insecure.addAll(registries.get("InsecureRegistryCIDRs").texts());
        }
        if (!insecure.isEmpty() || !registries.get("IndexConfigs").members().isEmpty()) {
            line(" Insecure Registries:");
            insecure.forEach(name -> line("  " + name));
        }
        list(" Registry Mirrors:", registries.get("Mirrors").texts());
    }

    private void pools() {
        List<JsonValue> pools = info.items("DefaultAddressPools");
        if (!pools.isEmpty()) {
            line(" Default Address Pools:");
            pools.forEach(pool -> line("   Base: " + pool.text("Base") + ", Size: " + pool.number("Size")));
        }
    }

    /// Gantry's own; no other daemon has it.
    private void unsupported() {
        List<JsonValue> items = info.items("Unsupported");
        if (!items.isEmpty()) {
            line(" Not Supported:");
            items.forEach(item -> line("  " + item.text("Asked") + ": " + item.text("Answer")));
        }
    }
}
