package dev.gantry.runtime.shim;

import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.encode.Assembler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The executable of a launch. A thread of its own assembles it while everything is opened that it is handed.
public final class Executable {
    private final LaunchPlan plan;
    private final String name;
    private final CompletableFuture<byte[]> content;

    private Executable(LaunchPlan plan, String name, CompletableFuture<byte[]> content) {
        this.plan = plan;
        this.name = name;
        this.content = content;
    }

    /// Begins to assemble the program of a plan.
    ///
    /// @param name what its processes are called in process lists
    public static Executable of(LaunchPlan plan, String name) {
        CompletableFuture<byte[]> content = CompletableFuture.supplyAsync(
                () -> Assembler.assemble(plan.program(), Architecture.host()),
                task -> Thread.ofVirtual().name("assemble " + name).start(task));
        return new Executable(plan, name, content);
    }

    /// What it is assembled from.
    public LaunchPlan plan() {
        return plan;
    }

    /// What its processes are called.
    String name() {
        return name;
    }

    /// A new sealed file that is the executable, as soon as it is assembled.
    OwnedFd file() throws IOException {
        try {
            return Memfd.executable(name, content.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
