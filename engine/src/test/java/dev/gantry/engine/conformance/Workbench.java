package dev.gantry.engine.conformance;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.spec.Defaults;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.LaunchInput;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.engine.spec.SpecBuilder;
import dev.gantry.engine.system.Machine;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.IdMapping;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.HostCapabilities;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A busybox image, a directory with a mount in it to be bound, cgroups, and the specs that are run by both runtimes.
final class Workbench implements AutoCloseable {
    /// The same for both, so that cgroups, host names and paths are too.
    static final String ID = "view";

    /// Who root of a container with users of its own is on the host.
    private static final int ROOT = 100_000;

    private static final List<IdMapping> MAPS = List.of(new IdMapping(0, ROOT, 65_536));
    private static final EngineOptions.UserRemapping REMAPPING = new EngineOptions.UserRemapping(MAPS, MAPS);

    private final Path directory;
    private final String cgroupParent = "/gantry-view-" + UUID.randomUUID();

    private @Nullable OtherContainer other;
    /// Whether everything belongs to root of a user namespace: runc has no root with other owners, so the image has
    /// them.
    private boolean remapped;

    private Workbench(Path directory) {
        this.directory = directory;
    }

    static Workbench create() throws IOException {
        Workbench made = new Workbench(Files.createTempDirectory("gantry-view"));
        try {
            made.fill();
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
        return made;
    }

    private void fill() throws IOException {
        Commands.run("mount", "--bind", directory.toString(), directory.toString());
        Commands.run("mount", "--make-private", directory.toString());
        Path bin = Files.createDirectories(image().resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : Commands.run("/bin/busybox", "--list").lines().toList()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Path etc = Files.createDirectory(image().resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        Path temporary = Files.createDirectory(image().resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createDirectories(source().resolve("sub"));
        Files.writeString(source().resolve("file"), "content");
        Commands.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=4k,nosuid",
                "sub",
                source().resolve("sub").toString());
        Commands.run("mount", "--make-shared", source().resolve("sub").toString());
    }

    Path image() {
        return directory.resolve("image");
    }

    /// Has a shared mount below it.
    Path source() {
        return directory.resolve("source");
    }

    /// A directory of its own.
    Path fresh(String name) throws IOException {
        Path made = Files.createDirectories(directory.resolve(name));
        if (remapped) {
            giveToMappedRoot(made);
        }
        return made;
    }

    private static void giveToMappedRoot(Path tree) throws IOException {
        Commands.run("chown", "-Rh", ROOT + ":" + ROOT, tree.toString());
    }

    String cgroupParent() {
        return cgroupParent;
    }

    /// What the engine writes for these options.
    Spec spec(Options options) throws IOException {
        ContainerConfig config = Defaults.container(read(options.config(), ContainerConfig.class), IMAGE, ID);
        HostConfig host = Defaults.host(read(options.host(), HostConfig.class), Map.of(), false);
        List<Mount> mounts =
                MountRequests.of(config, host).stream().map(Workbench::mount).toList();
        Spec spec = new SpecBuilder(facts())
                .build(new LaunchInput(
                        ID,
                        config,
                        host,
                        options.user(),
                        mounts,
                        Map.of(),
                        joined(options),
                        Map.of(),
                        options.isRemapped() ? REMAPPING : null));
        if (options == Options.MOUNT_OPTIONS) {
            spec = Specs.withMountOptions(spec, source().toString());
        }
        if (options.isRemapped()) {
            remapped = true;
            giveToMappedRoot(directory);
        }
        String script = resource("view.sh");
        return Specs.inCgroup(
                spec.withProcess(Objects.requireNonNull(spec.process()).withArgs(List.of("/bin/sh", "-c", script))),
                cgroupParent + "/" + ID);
    }

    private Map<String, String> joined(Options options) throws IOException {
        if (options != Options.JOINED) {
            return Map.of();
        }
        other = OtherContainer.start();
        return other.namespaces();
    }

    private <T> T read(String json, Class<T> type) throws IOException {
        String filled = json.replace("SOURCE", source().toString());
        return ConfigJson.mapper().readValue(filled.contains("DISK") ? filled.replace("DISK", disk()) : filled, type);
    }

    private static String disk() throws IOException {
        try (Stream<Path> disks = Files.list(Path.of("/sys/block"))) {
            return disks.map(each -> Path.of("/dev").resolve(each.getFileName()))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no block device in /dev"))
                    .toString();
        }
    }

    private static Mount mount(MountPlan plan) {
        return switch (plan) {
            case MountPlan.Bind bind ->
                new Mount(bind.target(), "bind", bind.source(), bind.options().options());
            case MountPlan.Tmpfs tmpfs -> new Mount(tmpfs.target(), "tmpfs", "tmpfs", tmpfs.options());
            case MountPlan.Volume volume -> throw new IllegalArgumentException(volume + ": not compared here");
        };
    }

    static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Workbench.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final Execution IMAGE = Execution.empty();

    /// Without the capabilities that this process lacks, by [Difference#MISSING_CAPABILITIES].
    private static HostFacts facts() throws IOException {
        HostFacts facts = Machine.facts();
        HostCapabilities capabilities = HostCapabilities.read();
        List<String> known = capabilities.known();
        List<String> permitted = known.stream()
                .filter(name -> (capabilities.permitted() & 1L << known.indexOf(name)) != 0)
                .toList();
        return new HostFacts(
                facts.cpus(),
                facts.onlineCpus(),
                facts.memoryNodes(),
                permitted,
                facts.appArmorProfile(),
                facts.cgroupV2(),
                facts.seccomp());
    }

    @Override
    public void close() throws IOException {
        if (other != null) {
            other.close();
        }
        for (String mounted :
                Files.readAllLines(Path.of("/proc/self/mountinfo")).reversed()) {
            String target = mounted.split(" ", -1)[4];
            if (target.equals(directory.toString()) || target.startsWith(directory + "/")) {
                Commands.run("umount", target);
            }
        }
        try (SafeDirectory temporary = SafeDirectory.open(directory.getParent())) {
            temporary.removeTree(directory.getFileName().toString());
        }
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Path parent = hierarchy.resolve(cgroupParent.substring(1));
                Files.deleteIfExists(parent.resolve("supervisors"));
                Files.deleteIfExists(parent);
            }
        }
    }
}
