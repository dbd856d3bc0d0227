package dev.gantry.runtime;

import dev.gantry.oci.Platform;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import java.nio.charset.StandardCharsets;

/// The one program of the built-in image `hello-world`: prints a greeting and ends.
public final class HelloWorld {
    private static final int STANDARD_OUTPUT = 1;

    private static final byte[] GREETING = """

            Hello from Gantry: your installation works.

            What has just happened:
             1. The gantry command (or docker) asked the Gantry daemon for a container of the image "hello-world".
             2. The daemon has that image built in, so nothing was pulled from anywhere.
             3. It compiled your container into an executable of a few kilobytes whose code is nothing but the
                system calls that make it: namespaces, mounts, limits, and this program as the last one.
             4. This program, made by the same assembler, wrote these lines; they went through the daemon to you.

            See every one of those system calls:  gantry explain run hello-world

            """.getBytes(StandardCharsets.UTF_8);

    private HelloWorld() {}

    /// A static ELF executable for the platform's architecture, less than 2 KiB, that needs no file and no library.
    ///
    /// @throws IllegalArgumentException if the architecture is neither amd64 nor arm64
    public static byte[] executable(Platform platform) {
        return Assembler.assemble(program(), Architecture.of(platform));
    }

    private static Program program() {
        var b = new ProgramBuilder(Program.NO_REPORT);
        b.step(Role.COMMAND, "say hello", "image hello-world");
        b.call(
                OnError.RESTART,
                Syscall.WRITE,
                Operand.of(STANDARD_OUTPUT),
                b.bytes(GREETING),
                Operand.of(GREETING.length));
        b.exit(Operand.of(0));
        return b.build();
    }
}
