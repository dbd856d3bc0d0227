package dev.gantry.engine.conformance;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ContainerLaunch;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.RootFileSystem;
import dev.gantry.runtime.RunningContainer;
import dev.gantry.runtime.RuntimeOptions;
import dev.gantry.runtime.explain.Origins;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The two runtimes, given the same spec and an overlay of the same image.
final class Sides {
    /// `unshare` makes the mount namespace in which the overlay is mounted; the workbench is a private mount, so
    /// that it shows nowhere else.
    private static final String MOUNT_AND_RUN =
            "mount -t overlay overlay -o lowerdir=$1,upperdir=$2,workdir=$3 $4/rootfs && shift 4 && exec \"$@\"";

    private final Workbench workbench;

    Sides(Workbench workbench) {
        this.workbench = workbench;
    }

    /// What a container of this project's runtime sees.
    View own(Spec spec) throws IOException, InterruptedException {
        RuntimeOptions options = new RuntimeOptions(workbench.fresh("state"), workbench.cgroupParent(), null, _ -> {});
        try (Poller poller = Poller.start("conformance poller")) {
            ContainerRuntime runtime = ContainerRuntime.on(poller, options);
            SafeDirectory root = runtime.mount(new RootFileSystem.Overlay(
                    List.of(workbench.image()), workbench.fresh("own/upper"), workbench.fresh("own/work")));
            try (RunningContainer container = started(runtime, spec, root)) {
                try {
                    return view(spec, container.stdout(), Objects.requireNonNull(container.stdin()));
                } finally {
                    container.kill(Signal.KILL);
                    container.awaitExit();
                    container.drained();
                    container.delete();
                }
            }
        }
    }

    private static RunningContainer started(ContainerRuntime runtime, Spec spec, SafeDirectory root)
            throws IOException {
        try {
            return runtime.start(new ContainerLaunch(Workbench.ID, spec, root, true, false, Origins.NONE));
        } catch (IOException e) {
            root.close();
            throw e;
        }
    }

    /// What a container of runc sees.
    View runc(Spec spec) throws IOException, InterruptedException {
        Path bundle = workbench.fresh("bundle");
        Files.createDirectories(bundle.resolve("rootfs"));
        Files.write(bundle.resolve("config.json"), Json.write(spec));
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "unchanged"));
        command.addAll(
                List.of("sh", "-c", MOUNT_AND_RUN, "sh", workbench.image().toString()));
        command.addAll(List.of(
                workbench.fresh("runc/upper").toString(),
                workbench.fresh("runc/work").toString()));
        command.addAll(List.of(
                bundle.toString(),
                "runc",
                "--root",
                workbench.fresh("runc/state").toString()));
        command.addAll(List.of("run", "--bundle", bundle.toString(), Workbench.ID));
        boolean terminal = Objects.requireNonNull(spec.process()).terminal();
        if (terminal) {
            command = List.of("script", "--quiet", "--flush", "--return", "--command", quoted(command), "/dev/null");
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            View view = view(spec, process.getInputStream(), process.getOutputStream());
            process.waitFor();
            return view;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static String quoted(List<String> command) {
        return String.join(" ", command.stream().map(each -> "'" + each + "'").toList());
    }

    /// Reads up to the end of the view, looks at the container from outside, and lets it go.
    private static View view(Spec spec, InputStream output, OutputStream input) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        while (!printed.toString(StandardCharsets.UTF_8).contains(View.END)) {
            byte[] some = new byte[8192];
            int length = output.read(some);
            if (length < 0) {
                throw new IOException("the container ended early: " + printed.toString(StandardCharsets.UTF_8));
            }
            printed.write(some, 0, length);
        }
        String cgroup =
                Objects.requireNonNull(Objects.requireNonNull(spec.linux()).cgroupsPath());
        List<String> outside = OutsideView.of(cgroup);
        input.write('\n');
        input.flush();
        output.transferTo(OutputStream.nullOutputStream());
        input.close();
        String text = printed.toString(StandardCharsets.UTF_8);
        return View.parse(text.substring(0, text.indexOf(View.END))).with("outside", outside);
    }
}
